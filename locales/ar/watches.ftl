# Values that are sold out, and the news that they are back.
sold-out = <b>{ $product } · { $value }</b>: نفدت الكمية.
sold-out-offer = هل تريد أن نخبرك عند توفّرها؟ رسالة واحدة لا غير.
watch-on = 🔔 سنراسلك هنا عند توفّر <b>{ $product } · { $value }</b>.
watch-how = رسالة واحدة خلال 60 يومًا. لا نحجز لك رموزًا.
watch-full = 🔕 قائمتك ممتلئة: { $most ->
    [zero] { $most } قيمة
    [one] قيمة واحدة
    [two] قيمتان
    [few] { $most } قيم
    [many] { $most } قيمة
   *[other] { $most } قيمة
}. أزل واحدة أولًا.
watches = 🔔 <b>تنبيهات التوفّر</b>
    اضغط على قيمة لإزالتها.
watches-none = 🔔 لا تنبيهات لديك. اضغط على قيمة نفدت كميتها لنخبرك عند توفّرها، والحدّ { $most ->
    [zero] { $most } قيمة
    [one] قيمة واحدة
    [two] قيمتان
    [few] { $most } قيم
    [many] { $most } قيمة
   *[other] { $most } قيمة
}.
watch-back = 🔔 متوفّرة من جديد: <b>{ $product } · { $value }</b>.
watch-back-price = السعر الآن { $price }. لا نحجز رموزًا، والأولوية لمن يطلب أولًا.
button-watch = 🔔 أخبرني عند توفّرها
button-unwatch = 🔕 إلغاء التنبيه
button-unwatch-value = ✖️ { $product } · { $value }
button-watches = 🔔 تنبيهات التوفّر
button-choose-quantity = 🛍️ اختيار الكمية
toast-unwatched = تمت الإزالة.
item-watched = منتج ينتظره زبائن
job-watches = متابعة ما نفد
