# An order from the press to the receipt.
order-line = { $icon } <b>الطلب { $number }</b>
order-what = { $product } · { $value } × { $count }
status-waiting = قيد الانتظار لدى المورّد. يجهز عادةً في نحو 20 ثانية.
    يمكنك المغادرة، سنراسلك.
status-slow = استغرق هذا الطلب وقتًا أطول من المعتاد. المبلغ محفوظ، ونحن نتابع وسنراسلك.
status-held = نعيد شحن حسابنا لدى المورّد. طلبك محفوظ في دوره، وإن طال الأمر يعود المبلغ إليك تلقائيًا.
status-operator = فريق الدعم يراجع هذا الطلب وسيسوّيه. مالك محفوظ.
status-awaiting_payment = بانتظار الدفع.
awaiting-money = السعر { $total } · المحفظة { $wallet }
awaiting-missing = ينقص <b>{ $missing }</b>. كيف تودّ الدفع؟
awaiting-soon = المبلغ موجود؛ يمضي الطلب تلقائيًا حين يعود المتجر إلى البيع.
awaiting-until = يبقى السعر ثابتًا حتى { $date }. حين يصل المبلغ إلى محفظتك يمضي الطلب تلقائيًا.
ended = ✖️ لم يُدفع ثمن <b>الطلب { $number }</b> في الوقت المحدد فانتهى. لم يُخصم شيء.
button-cancel = ✖️ إلغاء الطلب
button-order-again = اطلب من جديد
toast-awaiting = الطلب { $number } ينتظر الدفع.
status-fulfilled = تم التسليم: الرموز في الرسالة أدناه وفي /orders.
status-partial = تم تسليم { $came } من { $count }، وعاد { $returned } إلى محفظتك.
status-partial-held = تم تسليم { $came } من { $count }، والدعم يسوّي الباقي.
status-refunded = عاد { $returned } إلى محفظتك.
status-cancelled = أُلغي الطلب. لم يُخصم شيء.
status-expired = انتهت مهلة الطلب. لم يُخصم شيء.
delivery = ✅ <b>الطلب { $number }</b> · { $count ->
        [zero] بلا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    }
delivery-partial = ⚠️ <b>الطلب { $number }</b> · وصل { $came } من { $count ->
        [zero] لا شيء
        [one] رمز واحد
        [two] رمزين
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    }
delivery-part = الجزء { $part } من { $parts }
delivery-partial-why = نفدت الكمية لدى المورّد. عاد <b>{ $returned }</b> إلى محفظتك.
delivery-partial-held = الدعم يسوّي الباقي، ويبقى { $held } محجوزًا حتى ذلك الحين.
delivery-serial = الرقم التسلسلي
delivery-until = اضغط للعرض أو انسخ. تُخفى من هذه المحادثة بعد { $hours ->
        [zero] أقل من ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }، وتبقى لك في /orders.
delivery-until-minutes = اضغط للعرض أو انسخ. تُخفى مجددًا بعد { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }.
delivery-file-until = تُخفى من هذه المحادثة بعد { $hours ->
        [zero] أقل من ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }، وتبقى لك في /orders.
delivery-file-until-minutes = تُخفى مجددًا بعد { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }.
delivery-expires = صالح حتى { $date }
delivery-file = الرموز في الملف المرفق.
delivery-sandbox = 🧪 رموز تجريبية، لا تعمل.
receipt = 🔒 <b>الطلب { $number }</b> · الرموز مخفية
receipt-kept = رموزك محفوظة بأمان. اعرضها مجددًا من /orders.
receipt-once = عُرضت هذه الرموز مرة واحدة، وهذه قاعدة المتجر.
returned = ↩️ <b>الطلب { $number }</b> · تمت إعادة { $returned }
returned-sold_out = نفدت كمية { $product } · { $value } أثناء شرائك.
returned-price_rose = ارتفع سعر { $product } · { $value } قبيل الشراء، فلم نشترِ.
returned-not_available = تعذّر على المورّد تسليم { $product } · { $value }.
returned-supplier_down = تعذّر شراء { $product } · { $value } في الوقت المناسب.
returned-operator = أعاد الدعم مبلغ { $product } · { $value }.
returned-wallet = في محفظتك الآن <b>{ $wallet }</b>.
codes-lost = 🔐 <b>الطلب { $number }</b> · ضاعت رموزه
orders = 📦 <b>طلباتك</b>
orders-none = 📦 لا طلبات بعد. الرفوف على بُعد ضغطة.
orders-button = { $icon } { $number } · { $product } · { $value }
order-paid = دُفع { $total } في { $date }
order-asked = السعر { $total } · { $date }
order-left = { $left ->
        [0] لا يمكن عرض الرموز هنا مجددًا. الدعم يساعدك.
        [zero] لا يمكن عرض الرموز هنا مجددًا. الدعم يساعدك.
        [one] يمكن عرض الرموز مرة أخرى واحدة.
        [two] يمكن عرض الرموز مرتين أخريين.
        [few] يمكن عرض الرموز { $left } مرات أخرى.
        [many] يمكن عرض الرموز { $left } مرة أخرى.
       *[other] يمكن عرض الرموز { $left } مرة أخرى.
    }
button-copy = نسخ { $number }
button-hide = الرموز معي: إخفاء
button-hide-one = الرمز معي: إخفاء
button-show = 👁️ عرض مجددًا
button-another = جرّب قيمة أخرى
button-all-orders = { $arrow } كل الطلبات
toast-hidden = أُخفيت. رموزك محفوظة في /orders.
toast-bought = الطلب { $number } في الطريق.
toast-already = هذا هو الطلب { $number } نفسه.
toast-shown = تُعرض مجددًا لعشر دقائق.
file-name = order-{ $number }.txt
status-so-far = وصل { $came } من { $count }، والباقي يتبع تلقائيًا.
delivery-so-far = 📬 <b>الطلب { $number }</b> · { $came } من { $count ->
        [zero] { $count } رمز
        [one] رمز واحد
        [two] رمزين
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    } حتى الآن
delivery-operator = يتابع الدعم ما تبقى، و{ $held } محجوزة له.
delivery-more = الباقي يتبع تلقائيًا، ويبقى { $held } محجوزًا له.
delivery-pin = الرقم السري
delivery-reference = المرجع
delivery-link = اضغط زرّه أدناه لاستعماله.
button-copy-pin = نسخ الرقم السري { $number }
button-redeem = 🔗 استعمال { $number }
order-expires = صالح حتى { $date }
reminder = ⏳ <b>الطلب { $number }</b>: { $days ->
        [zero] تنتهي صلاحية رموزه اليوم
        [one] تنتهي صلاحية رموزه غدًا
        [two] تنتهي صلاحية رموزه بعد يومين
        [few] تنتهي صلاحية رموزه بعد { $days } أيام
        [many] تنتهي صلاحية رموزه بعد { $days } يومًا
       *[other] تنتهي صلاحية رموزه بعد { $days } يوم
    }، في { $date }.
reminder-used = استعملتها؟ إذن لا شيء عليك.
button-see-order = 📦 عرض الطلب
button-remind-off = 🔕 إيقاف التذكير
button-remind-on = 🔔 ذكّروني من جديد
reminders-off = 🔕 لن نذكّرك بعد الآن. تبقى تواريخ الصلاحية في /orders.
reminders-on = 🔔 نذكّرك قبل انتهاء صلاحية الرموز.
