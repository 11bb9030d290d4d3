# The page of one customer, for operators: who, money, notes, bans.
button-customer = 👤 الزبون
button-choose-person = 👤 اختيار شخص
user-whom = 👤 من المقصود؟ أرسل طلبًا (#1042) أو عملية دفع (HN12) أو محادثة (K7) أو معرّف تيليغرام، أو اختر الشخص من الأسفل.
user-no-names = 👤 لا يعطي تيليغرام البوتات معرّفات الأسماء، والمتجر لا يحفظ أي اسم. اختر الشخص من الأسفل.
user-forward = يمكنك أيضًا أن تعيد توجيه إحدى رسائله إليّ.
user-hidden = هذا الشخص يخفي هويته عند إعادة توجيه رسائله. اطلب رقم أحد طلباته، أو اختره.
user-no-person = هذه الرسالة ليست من شخص. أعد توجيه رسالة من الزبون نفسه، أو أرسل رقم طلب.
user-which = 👤 من المقصود؟
button-user = 👤 معرّف تيليغرام { $id }
button-user-order = 🧾 زبون الطلب { $number }
user = 👤 <b>{ $id }</b> · { $language } · منذ { $date }
user-banned = ⛔ محظور منذ { $date }: { $why }
user-wallet = المحفظة { $balance } · المحجوز { $held }
user-orders = { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    } · أنفق { $spent }
user-profit = { " " }· الربح { $profit }
user-last = { " " }· الأخير { $date }
user-paid = مجموع الشحن { $paid }{ $count ->
        [zero] { "" }
        [one] { " " }· عملية دفع مرفوضة واحدة
        [two] { " " }· عمليتا دفع مرفوضتان
        [few] { " " }· { $count } عمليات دفع مرفوضة
        [many] { " " }· { $count } عملية دفع مرفوضة
       *[other] { " " }· { $count } عملية دفع مرفوضة
    }
user-cases = { $count ->
        [zero] لا محادثات
        [one] محادثة واحدة
        [two] محادثتان
        [few] { $count } محادثات
        [many] { $count } محادثة
       *[other] { $count } محادثة
    } مع الدعم · الأخيرة { $number }
user-unreachable = 🔇 لا تصله الرسائل: أوقف البوت.
user-notes = 📝 { $count ->
        [zero] لا ملاحظات
        [one] ملاحظة واحدة
        [two] ملاحظتان
        [few] { $count } ملاحظات
        [many] { $count } ملاحظة
       *[other] { $count } ملاحظة
    }: «{ $note }»
user-note-lost = لا يمكن قراءتها: ضاع مفتاحها
button-user-orders = الطلبات
button-user-money = المحفظة
button-user-payments = المدفوعات
button-user-credit = تعديل الرصيد
button-user-note = ملاحظة
button-user-write = مراسلته
button-ban = ⛔ حظر
button-unban = رفع الحظر
user-orders-of = 🧾 <b>طلبات { $id }</b>
user-no-orders = لا طلبات بعد.
user-order = { $icon } { $number } · { $name } · { $total }
user-money-of = 💰 <b>محفظة { $id }</b>
user-payments-of = 💳 <b>مدفوعات { $id }</b>
user-no-payments = لا مدفوعات بعد.
user-credit = بكم تعدّل رصيد { $id } بالدينار، ولماذا؟ مثلًا: { $note }. علامة الناقص تخصم من الرصيد.
user-credit-again = هذا ليس مبلغًا.
user-notes-of = 📝 <b>ملاحظات عن { $id }</b>
user-note = { $date } · { $who }: { $note }
user-note-ask = اكتب ملاحظة لإضافتها، 500 حرف على الأكثر. يقرؤها المشغّلون، وتصل إلى الزبون مع بياناته.
user-write = ماذا تريد أن تقول لـ { $id }؟ أرسل نصًا أو صورة أو ملفًا. تُفتح بذلك محادثة مع الدعم، ولا يُحفظ ما ترسله.
ban-why = ⛔ لماذا تحظر { $id }؟
button-ban-fraud = احتيال
button-ban-chargeback = سحب المبلغ بعد الشراء
button-ban-abuse = إهانات أو تهديد
button-ban-other = سبب آخر…
ban-fraud = احتيال
ban-chargeback = سحب المبلغ بعد الشراء
ban-abuse = إهانات أو تهديد
ban-words = لماذا تحظر { $id }؟ يقرأ المشغّلون ما تكتبه، ولا يقرؤه الزبون.
ban-ask = ⛔ <b>هل تحظر { $id }؟</b> السبب: { $why }
ban-unpaid = { $count ->
        [zero] لا طلب ينتظر الدفع.
        [one] طلب واحد ينتظر الدفع وسيُلغى.
        [two] طلبان ينتظران الدفع وسيُلغيان.
        [few] { $count } طلبات تنتظر الدفع وستُلغى.
        [many] { $count } طلبًا تنتظر الدفع وستُلغى.
       *[other] { $count } طلب تنتظر الدفع وستُلغى.
    }
ban-held = الطلبات المدفوعة مستمرة: { $held }
ban-balance = يبقى في المحفظة: { $balance }
button-ban-yes = حظر
unban-ask = هل ترفع الحظر عن { $id }؟
button-unban-yes = رفع الحظر
refused-banned = لم يعد هذا المتجر يخدمك. ما دفعت ثمنه يبقى في /orders. يمكنك مراسلة الدعم مرة في اليوم: /paysupport
refused-ban = لا يمكن حظر مشغّل.
refused-note = في الملاحظة من حرف واحد إلى { $longest } حرف، وعدد الملاحظات { $most } على الأكثر. لم يُضف شيء.
attention-banned = ⛔ { $count ->
        [zero] لا عمليات دفع
        [one] وصلت عملية دفع واحدة
        [two] وصلت عمليتا دفع
        [few] وصلت { $count } عمليات دفع
        [many] وصلت { $count } عملية دفع
       *[other] وصلت { $count } عملية دفع
    } من زبائن محظورين: هل يُعاد المبلغ؟
attention-banned-line = { $reference } · الزبون { $id }
menu-user = زبون واحد: الطلبات والمحفظة والملاحظات
action-ban = { $date } · { $who } · حظر { $target }
action-unban = { $date } · { $who } · رفع الحظر عن { $target }
action-note-added = { $date } · { $who } · ملاحظة عن { $target }
action-write = { $date } · { $who } · رسالة إلى { $target }
