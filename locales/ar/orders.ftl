# An order from the press to the receipt.
order-line = { $icon } <b>الطلب { $number }</b>
order-what = { $product } · { $value } × { $count }
status-slow = استغرق هذا وقتًا أطول من المعتاد. طلبك مدفوع وأموالك في أمان؛ نتابع الأمر مع المورّد وسنراسلك.
status-held = نشحن الآن حسابنا لدى المورّد. يبقى طلبك في دوره، وإن طال الانتظار أُعيد إليك المبلغ تلقائيًا.
status-operator = يراجع الدعم هذا الطلب وسيحلّ المشكلة. أموالك في أمان.
status-awaiting_payment = بانتظار الدفع.
awaiting-money = السعر { $total } · المحفظة { $wallet }
awaiting-missing = ينقصك <b>{ $missing }</b>. كيف تودّ الدفع؟
awaiting-soon = رصيدك كافٍ. يُستأنف الطلب تلقائيًا حين يعود المتجر إلى البيع.
awaiting-until = هذا السعر ثابت حتى { $date }. حين يصل المبلغ إلى محفظتك يُستأنف الطلب تلقائيًا.
ended = ✖️ لم يُدفع ثمن <b>الطلب { $number }</b> في الوقت المحدد فانتهت مهلته. لم يُخصم شيء.
button-cancel = ✖️ إلغاء الطلب
button-order-again = الطلب من جديد
toast-awaiting = الطلب { $number } بانتظار الدفع.
status-fulfilled = تم التسليم: رموزك في الرسالة أدناه وفي /orders.
status-partial = تم تسليم { $came } من { $count }. أُعيد إلى محفظتك: { $returned }
status-partial-held = تم تسليم { $came } من { $count }. الدعم يعالج الباقي.
status-refunded = أُعيد إلى محفظتك: { $returned }
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
delivery-partial = ⚠️ <b>الطلب { $number }</b> · تم تسليم { $came } من { $count }
delivery-part = { " " }· الجزء { $part } من { $parts }
delivery-partial-held = الدعم يعالج الباقي، والمبلغ المحجوز حتى ذلك الحين: { $held }
delivery-serial = S/N
delivery-until = اضغط على الرمز ليظهر، أو انسخه. ستُخفى الرموز هنا بعد { $hours ->
        [zero] أقل من ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }، وتجدها دائمًا في /orders.
delivery-until-minutes = اضغط على الرمز ليظهر، أو انسخه. ستُخفى الرموز مجددًا بعد { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }.
delivery-file-until = سيُخفى هذا الملف بعد { $hours ->
        [zero] أقل من ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }، وتجد رموزك دائمًا في /orders.
delivery-file-until-minutes = سيُخفى هذا الملف مجددًا بعد { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }.
delivery-link-until = سيُخفى محتوى هذه الرسالة بعد { $hours ->
        [zero] أقل من ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }، وتجده دائمًا في /orders.
delivery-link-until-minutes = سيُخفى محتوى هذه الرسالة مجددًا بعد { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }.
delivery-expires = صالح حتى { $date }
delivery-file = الرموز في الملف المرفق.
delivery-sandbox = 🧪 رموز تجريبية لا تعمل.
receipt = 🔒 <b>الطلب { $number }</b> · الرموز مخفية
receipt-kept = رموزك محفوظة بأمان. لعرضها من جديد: /orders
receipt-once = يعرض هذا المتجر الرموز مرة واحدة فقط.
receipt-deleted = أُخفيت الرموز لأنك طلبت حذف بياناتك.
returned = ↩️ <b>الطلب { $number }</b> · أُعيد المبلغ: { $returned }
returned-sold_out = نفدت كمية { $product } · { $value } أثناء شرائك.
returned-price_rose = ارتفع سعر { $product } · { $value } قبيل الشراء، فلم نشترِه.
returned-not_available = تعذّر على المورّد تسليم { $product } · { $value }.
returned-supplier_down = تعذّر علينا توفير { $product } · { $value } في الوقت المناسب.
returned-operator = أعاد الدعم مبلغ { $product } · { $value }.
returned-wallet = رصيدك الآن <b>{ $wallet }</b>.
codes-lost = 🔐 <b>الطلب { $number }</b> · ضاعت رموزه
orders = 📦 <b>طلباتك</b>
orders-none = 📦 لا طلبات بعد.
orders-button = { $icon } { $number } · { $product } · { $value }
order-paid = دُفع { $total } في { $date }
order-asked = السعر { $total } · { $date }
order-left = { $left ->
        [0] لا يمكن عرض هذه الرموز هنا بعد الآن. الدعم يساعدك.
        [zero] لا يمكن عرض هذه الرموز هنا بعد الآن. الدعم يساعدك.
        [one] يمكن عرض الرموز مرة واحدة أخرى.
        [two] يمكن عرض الرموز مرتين أخريين.
        [few] يمكن عرض الرموز { $left } مرات أخرى.
        [many] يمكن عرض الرموز { $left } مرة أخرى.
       *[other] يمكن عرض الرموز { $left } مرة أخرى.
    }
button-copy = نسخ الرمز { $number }
button-hide = حفظتُ الرموز، أخفِها
button-hide-one = حفظتُ الرمز، أخفِه
button-show = 👁️ عرض الرموز من جديد
button-another = اختيار قيمة أخرى
button-all-orders = { $arrow } كل الطلبات
toast-hidden = أُخفيت الرموز. تجدها دائمًا في /orders.
toast-bought = سُجّل الطلب { $number }.
toast-already = سبق تسجيل هذا الطلب: { $number }.
toast-not-hidden = رموزك ما زالت ظاهرة: لا يسمح لنا تيليغرام بإخفائها الآن. سنعيد المحاولة تلقائيًا، ويمكنك أيضًا حذف الرسالة بنفسك.
toast-shown = تُعرض من جديد لعشر دقائق.
toast-on-screen = رموزك ما زالت معروضة في هذه المحادثة. لم تُحتسب هذه الضغطة.
file-name = order-{ $number }.txt
status-so-far = تم تسليم { $came } من { $count } حتى الآن. يُستأنف تسليم الباقي تلقائيًا.
delivery-so-far = 📬 <b>الطلب { $number }</b> · تم تسليم { $came } من { $count } حتى الآن
delivery-operator = يتابع الدعم ما تبقّى. المبلغ المحجوز له: { $held }
delivery-more = يُستأنف تسليم الباقي تلقائيًا. المبلغ المحجوز له: { $held }
delivery-pin = PIN
delivery-reference = Ref
delivery-link = اضغط الزر أدناه لاستعماله.
button-copy-pin = نسخ PIN { $number }
button-redeem = 🔗 استعمال الرمز { $number }
order-expires = الرموز صالحة حتى { $date }
reminder = ⏳ <b>الطلب { $number }</b>: { $days ->
        [zero] تنتهي صلاحية رموزك اليوم
        [one] تنتهي صلاحية رموزك غدًا
        [two] تنتهي صلاحية رموزك بعد يومين
        [few] تنتهي صلاحية رموزك بعد { $days } أيام
        [many] تنتهي صلاحية رموزك بعد { $days } يومًا
       *[other] تنتهي صلاحية رموزك بعد { $days } يوم
    }، في { $date }.
reminder-one = ⏳ <b>الطلب { $number }</b>: { $days ->
        [zero] تنتهي صلاحية رمزك اليوم
        [one] تنتهي صلاحية رمزك غدًا
        [two] تنتهي صلاحية رمزك بعد يومين
        [few] تنتهي صلاحية رمزك بعد { $days } أيام
        [many] تنتهي صلاحية رمزك بعد { $days } يومًا
       *[other] تنتهي صلاحية رمزك بعد { $days } يوم
    }، في { $date }.
reminder-used = إن كنت قد استعملتها فتجاهل هذه الرسالة.
reminder-used-one = إن كنت قد استعملته فتجاهل هذه الرسالة.
button-see-order = 📦 عرض الطلب
button-remind-off = 🔕 إيقاف التذكير
button-remind-on = 🔔 تفعيل التذكير
reminders-off = 🔕 التذكير متوقف. تبقى تواريخ انتهاء الصلاحية في /orders.
reminders-on = 🔔 التذكير مفعّل. سنراسلك قبل انتهاء صلاحية رموزك.
