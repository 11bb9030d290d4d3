# الدفع: من جهة الزبون.
topup = 👛 <b>شحن الرصيد</b>
    كيف تودّ الدفع؟
topup-amount = ما المبلغ؟
topup-type = اكتب المبلغ بالدينار لا بالسنتيم، مثلًا { $example }.
topup-limits = من { $least } إلى { $most }
topup-refused = اكتب مبلغًا بالدينار لا بالسنتيم، من { $least } إلى { $most }، مثلًا { $example }.
topup-rounded = لا تقبل هذه الطريقة { $typed } بالضبط، فيصبح المبلغ { $amount }، ويُضاف كاملًا إلى محفظتك.
topup-large = إن كنت تحسب بالسنتيم فهو { $smaller }. أيّ المبلغين تريد؟
other-refused = اكتب المبلغ الذي وصل لعملية الدفع { $reference } بالدينار، مثلًا { $example }.
way-transfer = تحويل
way-ocpay = بطاقة بنكية
way-stars = نجوم تيليغرام
button-topup = ➕ شحن الرصيد
button-pay-transfer = 🏦 تحويل (بريد الجزائر، بريدي موب)
button-pay-ocpay = 💳 بطاقة بنكية (الذهبية، CIB)
button-pay-stars = ⭐ نجوم تيليغرام
button-amount = مبلغ آخر
button-stars = { $amount } · ⭐ { $stars }
transfer = 🏦 ادفع <b>{ $amount }</b> بالتحويل
transfer-reference = المرجع الذي تكتبه مع التحويل: <b>{ $reference }</b>
transfer-receipt = ثم أرسل هنا صورة الوصل؛ يتحقق منه الدعم ويشحن محفظتك.
button-copy-number = 📋 { $text }
card = 💳 ادفع <b>{ $amount }</b> بالبطاقة البنكية
card-until = صفحة الدفع مفتوحة لمدة { $minutes ->
        [zero] لحظات
        [one] دقيقة أخرى
        [two] دقيقتين أخريين
        [few] { $minutes } دقائق أخرى
        [many] { $minutes } دقيقة أخرى
       *[other] { $minutes } دقيقة أخرى
    }. عُد إلى هنا بعد الدفع؛ ونحن نتحقق تلقائيًا أيضًا.
button-card = الدفع
button-paid = لقد دفعت
bill = ⭐ الفاتورة أدناه: <b>{ $stars ->
        [zero] { $stars } نجمة
        [one] نجمة واحدة
        [two] نجمتان
        [few] { $stars } نجوم
        [many] { $stars } نجمة
       *[other] { $stars } نجمة
    }</b> { $stars ->
        [zero] تضيف
        [one] تضيف
        [two] تضيفان
        [few] تضيف
        [many] تضيف
       *[other] تضيف
    } { $amount } إلى محفظتك.
    أمامك ساعة لدفعها.
invoice-title = شحن الرصيد { $reference }
invoice-description = { $amount } لمحفظتك في هذا المتجر.
invoice-label = شحن الرصيد
toast-not-yet = لم يصل المبلغ بعد؛ نواصل التحقق وسنراسلك.
toast-paid = وصل المبلغ. شكرًا لك.
toast-held = الدعم يراجع عملية الدفع هذه. لم يضِع شيء.
toast-expired = انتهت صلاحية هذه الصفحة. إن كنت قد دفعت فسنرى ذلك، وإلا فاضغط «الدفع» من جديد.
paid-credited = ✅ وصل مبلغ <b>{ $amount }</b>. رصيدك الآن { $wallet }.
paid-lacking = ما زال ينقص الطلب { $number } مبلغ <b>{ $missing }</b>.
paid-late = كان الطلب { $number } قد أُغلق؛ المبلغ في محفظتك.
paid-held = 🛠️ يراجع الدعم المبلغ الذي دفعته: { $amount }. لم يضِع شيء؛ سنراسلك.
paid-expired = ✖️ لم تكتمل عملية الدفع بمبلغ { $amount }. لم يُخصم شيء.
    وإن كنت قد دفعت فسيُضاف المبلغ إلى محفظتك تلقائيًا.
paid-rejected = ✖️ لم يجد الدعم المبلغ الذي دفعته: { $amount } ({ $reference }).
paid-returned = ↩️ أُعيد المبلغ الذي دفعته: { $amount } ({ $reference }). رصيدك الآن { $wallet }.
paid-order = كان للطلب { $number }.
rejected-not_received = لم يصل المبلغ.
rejected-unreadable = صورة الوصل غير مقروءة.
rejected-used = سبق استعمال هذا الوصل لعملية دفع أخرى.
rejected-other = كتب الدعم: { $words }
rejected-again = يمكنك إرسال وصل آخر هنا، أو مراسلة الدعم: /paysupport
rejected-ask = إن كان في ذلك خطأ فراسل الدعم: /paysupport
receipt-came = 🧾 استلم الدعم وصل الدفع الخاص بـ <b>{ $reference }</b>. سنراسلك فور التحقق منه.
receipt-refused = أنتظر وصل الدفع الخاص بـ <b>{ $reference }</b>: صورة له، أو صورة مرسلة كملف، أو ملف PDF. ما أرسلته ليس شيئًا من ذلك.
receipt-instead = التقط صورة للوصل أو للشاشة وأرسلها هنا. هل تريد شيئًا آخر؟ /paysupport
album-part = استلمنا من مجموعتك الصور وملفات PDF فقط.
button-order = 📦 الطلب { $number }
# ما يقرره المشغّلون.
payment = 🧾 عملية الدفع <b>{ $reference }</b> · { $way } · <b>{ $amount }</b>
payment-who = الزبون { $id }
payment-order = للطلب { $number }
payment-state = الحالة: { $state }
payment-doubt = 🛠️ { $doubt }
payment-came = المبلغ الواصل: { $amount }
payment-stars = ⭐ { $stars }
payment-external = 🏭 { $id }
payment-begun = بدأت في { $date }
payment-decided = القرار من { $id }
payment-state-open = بانتظار الدفع
payment-state-review = وصل الدفع قيد المراجعة
payment-state-held = بانتظار قرار
payment-state-credited = أُضيفت إلى المحفظة
payment-state-rejected = مرفوضة
payment-state-expired = لم تُدفع
payment-state-returning = إعادة المبلغ جارية
payment-state-returned = أُعيد المبلغ
doubt-amount = المبلغ الواصل ليس المبلغ المطلوب.
doubt-sandbox = مال تجريبي، أو لا أحد يؤكد أنه حقيقي.
doubt-reference = جواب مزوّد الدفع يخص عملية دفع أخرى.
doubt-details = يقول مزوّد الدفع إنها دُفعت، ولا يذكر المبلغ.
doubt-unclaimed = هذه النجوم في قائمة تيليغرام، ولم تصل رسالة عنها.
receipt-seen = ⚠️ أرسل { $id } الوصل نفسه لعملية الدفع { $reference }: { $state }
button-accept = ✓ قبول { $amount }
button-other = مبلغ آخر
button-reject = رفض
button-payment = مراجعة
payments = 🧾 <b>بانتظار قرار: { $count }</b>
payments-none = 🧾 لا شيء بانتظار قرار. الأحدث:
payments-button = { $reference } · { $amount } · { $state }
reject-why = لماذا ترفض عملية الدفع { $reference }؟ سيقرأ الزبون السبب.
reject-not_received = لم يصل شيء
reject-unreadable = الوصل غير مقروء
reject-used = الوصل لعملية دفع أخرى
reject-other = سبب آخر أكتبه
other-amount = ما المبلغ الذي وصل لعملية الدفع { $reference }؟ اكتبه بالدينار لا بالسنتيم.
other-reason = لماذا ترفض عملية الدفع { $reference }؟ سيقرأ الزبون ما تكتبه.
decided-accepted = ✓ قُبلت عملية الدفع { $reference }: أُضيف <b>{ $amount }</b> إلى محفظة الزبون { $id }.
decided-rejected = ✖️ رُفضت عملية الدفع { $reference }، وأُبلغ الزبون { $id }.
decided-already = سبق أن قرّر المشغّل { $id } في عملية الدفع { $reference }: { $state }
button-return = ↩️ إعادة النجوم
return-ask = ↩️ عملية الدفع { $reference }: هل يُخصم { $amount } من المحفظة وتُعاد ⭐ { $stars }؟
button-return-yes = إعادة ⭐ { $stars }
return-done = ↩️ عملية الدفع { $reference }: خُصم { $amount } من المحفظة، وأُعيدت النجوم إلى صاحبها.
return-later = ↩️ عملية الدفع { $reference }: خُصم { $amount } من المحفظة. تيليغرام لا يستجيب بعد؛ تُكرَّر المحاولة حتى يستجيب.
return-refused = ✖️ عملية الدفع { $reference }: رفض تيليغرام إعادة النجوم. المبلغ في المحفظة من جديد.
button-leave = لا، اترك الأمر كما هو
left-alone = لم يتغيّر شيء.
amount-large = المبلغ <b>{ $amount }</b>: { $dinars } ({ $centimes ->
        [zero] { $centimes } سنتيم
        [one] سنتيم واحد
        [two] سنتيمان
        [few] { $centimes } سنتيمات
        [many] { $centimes } سنتيمًا
       *[other] { $centimes } سنتيم
    }).
amount-and-centimes = { $dinars } و{ $centimes ->
        [zero] 0 سنتيم
        [one] سنتيم واحد
        [two] سنتيمان
        [few] { $centimes } سنتيمات
        [many] { $centimes } سنتيمًا
       *[other] { $centimes } سنتيم
    }
credit-ask = هل يُضاف هذا المبلغ إلى محفظة الزبون { $id }؟
debit-ask = هل يُخصم هذا المبلغ من محفظة الزبون { $id }؟
credit-ask-loss = تذكر الملاحظة الطلب { $number }، فهذا تعويض يتحمّل المتجر خسارته. إن كان الزبون هو من أرسل هذا المال فارفض، ثم أعد الإرسال بلا { $number } في الملاحظة.
refused-compensation = أقصى تعويض للطلب { $number } هو { $most }. إن كان الزبون هو من أرسل هذا المال فلا تكتب { $number } في الملاحظة.
refused-compensation-changed = لم يتغيّر شيء: تغيّر تعويض الطلب { $number } منذ هذا السؤال، وهو الآن { $amount }. إن لم يكفِ ذلك فأعد الطلب.
compensated-so-far = تعويض الطلب { $number } حتى الآن: { $amount }.
accept-asked = المبلغ المطلوب في عملية الدفع { $reference }: { $amount }.
button-credit-yes = نعم، { $amount }
actions = 📒 <b>ما قام به المشغّلون</b>
actions-none = 📒 لم يقم أي مشغّل بشيء بعد.
action-credit = { $date } · { $who } · إضافة إلى محفظة { $target } · { $amount }
action-debit = { $date } · { $who } · خصم من محفظة { $target } · { $amount }
action-refund = { $date } · { $who } · إعادة مبلغ الطلب { $target } · { $amount }
action-compensation = { $date } · { $who } · تعويض، الطلب { $target } · { $amount }
action-payment = { $date } · { $who } · قبول عملية الدفع { $target } · { $amount }
action-reject = { $date } · { $who } · رفض عملية الدفع { $target }
action-payback = { $date } · { $who } · إعادة مبلغ عملية الدفع { $target } · { $amount }
action-note = «{ $note }»
method-on = ✓ عاد «{ $way }» متاحًا. إن لم يُعالَج السبب فسيتوقف عند المحاولة القادمة.
method-was-on = كان «{ $way }» متاحًا أصلًا. لم يتغيّر شيء.
button-method = إتاحته من جديد
alert-method_off = 🚫 طريقة الدفع { $method }: يرفض مزوّد الدفع مدفوعات هذا المتجر ({ $code }). لم يعد الزبائن يرونها.
    { $look } ثم اضغط «إتاحته من جديد».
method-off-ocpay = يجب توثيق ملف التاجر لدى OneClickDz.
method-off-other = اسأل مزوّد الدفع عن السبب.
alert-payment_held = 🛠️ عملية الدفع { $payment } ({ $method }) للزبون { $user }: المعلَن { $paid }، والمطلوب { $asked }. { $doubt }
    لم يُضف شيء إلى المحفظة. اضغط «مراجعة» لاتخاذ القرار.
alert-payment_held-unknown = 🛠️ عملية الدفع { $payment } ({ $method }) للزبون { $user }: المطلوب { $asked }، ولم يُعلَن أي مبلغ بالدينار. { $doubt }
    لم يُضف شيء إلى المحفظة. اضغط «مراجعة» لاتخاذ القرار.
alert-payments_unanswered = 🔇 طريقة الدفع { $method }: لا يجيب مزوّد الدفع منذ يوم. لا يُعرف بعد إن كان قد دُفع { $count ->
        [zero] { $payment }.
        [one] مبلغ { $payment }.
        [two] مبلغ عمليتي دفع، منهما { $payment }.
        [few] مبلغ { $count } عمليات دفع، منها { $payment }.
        [many] مبلغ { $count } عملية دفع، منها { $payment }.
       *[other] مبلغ { $count } عملية دفع، منها { $payment }.
    }
    يواصل المتجر السؤال أسبوعًا ويضيف إلى المحفظة ما دُفع. بعد ذلك فقط، راجع قائمة مزوّد الدفع واستعمل /credit.
alert-payment_taken_back = ↩️ عملية الدفع { $payment }: أعاد تيليغرام { $paid } إلى { $user } من دون المتجر. صُرف منه فضاع: { $lost }
alert-payback_failed = ↩️ عملية الدفع { $payment }: تعذّرت إعادة { $paid } ({ $code }). المبلغ في المحفظة من جديد.
attention-payments = 🧾 مدفوعات بانتظار قرار: { $count } · /payments
attention-cases = 🆘 زبائن ينتظرون ردًا: { $count }
audit-payments = المدفوعات
audit-stars = نجوم تيليغرام
menu-payments = المدفوعات والوصولات
menu-actions = ما قام به المشغّلون
# الدعم.
case = 🆘 <b>المحادثة { $number }</b> · الزبون { $id }
case-order = أحدث طلب: { $icon } { $number } · { $state }
case-reply = لإجابة الزبون، رُدّ على الرسالة أدناه.
case-passed = ✓ وصلت رسالتك إلى الدعم (المحادثة { $number }). يأتيك الرد هنا.
case-kept = محادثتك { $number } مع الدعم مفتوحة. لا أحد متاح الآن؛ ستُنقل رسالتك حالما يتوفر أحد.
case-answer = 💬 <b>الدعم</b> · المحادثة { $number }
case-sent = ✓ أُرسل إلى { $id } (المحادثة { $number }).
case-others = 💬 ردّ { $who } في المحادثة { $number }:
case-gone = (حُذفت هذه الرسالة قبل نسخها، أو أن تيليغرام لا يسمح بنسخها، كرسالة صوتية إن كنت لا تقبلها.)
case-not-taken = لم تُرسل كما هي: لا يسمح تيليغرام بهذه الرسالة في محادثة الزبون، فربما لا يقبل الرسائل الصوتية. أرسلها نصًا أو صورة أو ملفًا.
case-unreachable = لم يُرسل: حظر هذا الزبون البوت.
case-closed = أُغلقت المحادثة { $number }.
case-was-closed = المحادثة { $number } مغلقة من قبل.
button-settled = ✓ إغلاق المحادثة
button-case-answer = الرد
topup-way = 👛 شحن الرصيد · { $way }
