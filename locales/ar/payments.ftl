# الدفع: من جهة الزبون.
topup = 👛 <b>شحن الرصيد</b>
    كيف تودّ الدفع؟
topup-amount = 👛 شحن الرصيد · { $way }
    ما المبلغ؟
topup-type = 👛 شحن الرصيد · { $way }
    اكتب المبلغ بالدينار لا بالسنتيم، مثلًا { $example }.
topup-limits = من { $least } إلى { $most }
topup-refused = اكتب مبلغًا بالدينار من { $least } إلى { $most }، مثلًا { $example }.
topup-large = هل هذا هو المبلغ الذي تريده؟ إن كنت تحسب بالسنتيم فهو { $smaller }.
button-amount-smaller = لا، { $amount }
other-refused = اكتب المبلغ الذي وصل من أجل { $reference } بالدينار، مثلًا { $example }.
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
transfer-reference = اكتب معه هذا المرجع: <b>{ $reference }</b>
transfer-receipt = ثم أرسل هنا صورة الوصل؛ يتحقق منه الدعم ويشحن محفظتك.
button-copy-number = 📋 { $text }
card = 💳 ادفع <b>{ $amount }</b> بالبطاقة البنكية
card-until = تبقى الصفحة مفتوحة { $minutes ->
        [zero] لحظات
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }. عُد إلى هنا بعد الدفع؛ ونحن نتحقق بأنفسنا أيضًا.
button-card = ادفع
button-paid = لقد دفعت
bill = ⭐ الفاتورة في الأسفل: <b>{ $stars }</b> نجمة تضيف { $amount } إلى محفظتك.
    يمكن دفعها خلال ساعة.
invoice-title = شحن المحفظة { $reference }
invoice-description = { $amount } لمحفظتك في هذا المتجر.
invoice-label = شحن الرصيد
toast-not-yet = لم يصل شيء بعد. قد يستغرق الدفع دقيقة؛ نواصل التحقق وسنكتب لك.
toast-paid = وصل المبلغ. شكرًا لك!
toast-held = الدعم يراجع هذه الدفعة. لم يضِع شيء.
toast-expired = أُغلقت هذه الصفحة. إن كنت قد دفعت فسنرى ذلك؛ وإلا فاضغط على الدفع من جديد.
paid-credited = ✅ وصل مبلغ <b>{ $amount }</b>. في محفظتك الآن { $wallet }.
paid-went-on = دُفع ثمن الطلب { $number } وهو في الطريق.
paid-lacking = ما زال ينقص الطلب { $number } مبلغ <b>{ $missing }</b>.
paid-late = كان الطلب { $number } قد انتهى؛ المبلغ في محفظتك.
paid-held = 🛠️ دفعتك بمبلغ { $amount } تحتاج إلى مراجعة الدعم. لم يضِع شيء؛ سنكتب لك.
paid-expired = ✖️ لم تُدفع قيمة { $amount } في الوقت المحدد. لم يُخصم شيء.
    وإن كنت قد دفعت رغم ذلك فسيصل المبلغ إلى محفظتك تلقائيًا.
paid-rejected = ✖️ لم يجد الدعم دفعتك بمبلغ { $amount } ({ $reference }).
paid-returned = ↩️ أُعيدت دفعتك بمبلغ { $amount } ({ $reference }). في محفظتك { $wallet }.
paid-order = كانت للطلب { $number }.
rejected-not_received = لم يصل المبلغ.
rejected-unreadable = الوصل غير مقروء.
rejected-used = استُعمل هذا الوصل لدفعة أخرى.
rejected-other = كتب الدعم: { $words }
rejected-again = يمكنك إرسال وصل آخر هنا، أو الكتابة إلى /paysupport.
receipt-came = 🧾 وصلك الخاص بـ <b>{ $reference }</b> عند الدعم. سنكتب لك فور التحقق منه.
album-part = من مجموعتك أُخذت الصور والملفات فقط.
button-order = 📦 الطلب { $number }
# ما يقرره المشغّلون.
payment = 🧾 <b>{ $reference }</b> · { $way } · <b>{ $amount }</b>
payment-who = الزبون { $id }
payment-order = للطلب { $number }
payment-state = الحالة: { $state }
payment-doubt = 🛠️ { $doubt }
payment-came = وصل: { $amount }
payment-stars = ⭐ { $stars }
payment-external = 🏭 { $id }
payment-begun = بدأت في { $date }
payment-decided = قرّرها { $id }
payment-state-open = بانتظار الزبون
payment-state-review = وصل للمراجعة
payment-state-held = تحتاج قرارًا
payment-state-credited = في المحفظة
payment-state-rejected = مرفوضة
payment-state-expired = لم تُدفع
payment-state-returning = قيد الإرجاع
payment-state-returned = أُرجعت
doubt-amount = وصل مبلغ غير المطلوب.
doubt-sandbox = مال تجريبي، أو لا أحد يقول إنه حقيقي.
doubt-reference = جواب مزوّد الدفع يخص دفعة أخرى.
doubt-details = يقول مزوّد الدفع إنها دُفعت، ولا يذكر المبلغ.
doubt-unclaimed = هذه النجوم في قائمة تيليغرام، ولم تصل رسالة بها.
receipt-seen = ⚠️ أُرسل هذا الوصل نفسه من أجل { $reference } للزبون { $id }: { $state }
button-accept = ✓ قبول { $amount }
button-other = مبلغ آخر
button-reject = رفض
button-payment = عرض الدفعة
payments = 🧾 <b>تحتاج قرارًا: { $count }</b>
payments-none = 🧾 لا شيء يحتاج قرارًا. الأحدث:
payments-button = { $reference } · { $amount } · { $state }
reject-why = لماذا تُرفض { $reference }؟ سيقرأ الزبون السبب.
reject-not_received = لم يصل شيء
reject-unreadable = الوصل غير مقروء
reject-used = وصل دفعة أخرى
reject-other = بكلماتي أنا
other-amount = كم وصل من أجل { $reference }؟ اكتبه بالدينار لا بالسنتيم.
other-reason = لماذا تُرفض { $reference }؟ سيقرأ الزبون ما تكتبه.
decided-accepted = ✓ { $reference }: أصبح <b>{ $amount }</b> في محفظة { $id }.
decided-rejected = ✖️ رُفضت { $reference }؛ وأُبلغ { $id }.
decided-already = سبق القرار في { $reference }، من { $id }: { $state }
button-return = ↩️ إرجاع النجوم
return-ask = ↩️ { $reference }: أيُسحب { $amount } من المحفظة وتُرجع ⭐ { $stars }؟
button-return-yes = إرجاع ⭐ { $stars }
return-done = ↩️ { $reference }: خرج { $amount } من المحفظة، وعادت النجوم إلى صاحبها.
return-later = ↩️ { $reference }: خرج { $amount } من المحفظة. تيليغرام لا يجيب؛ نعيد السؤال حتى يجيب.
return-refused = ✖️ { $reference }: لا يعيد تيليغرام هذه الدفعة. المبلغ في المحفظة من جديد.
button-leave = ترك الأمر
left-alone = لم يتغير شيء.
amount-large = المبلغ <b>{ $amount }</b>: { $dinars } ({ $centimes } سنتيم).
amount-and-centimes = { $dinars } و{ $centimes ->
        [zero] 0 سنتيم
        [one] سنتيم واحد
        [two] سنتيمان
        [few] { $centimes } سنتيمات
        [many] { $centimes } سنتيمًا
       *[other] { $centimes } سنتيم
    }
credit-ask = هل يُضاف هذا المبلغ إلى محفظة { $id }؟
debit-ask = هل يُخصم هذا المبلغ من محفظة { $id }؟
accept-asked = كان المبلغ المطلوب في { $reference } هو { $amount }.
button-credit-yes = نعم، { $amount }
actions = 📒 <b>أموال حرّكها المشغّلون</b>
actions-none = 📒 لم يحرّك أي مشغّل مالًا بعد.
action-credit = { $date } · { $who } · رصيد إلى { $target } · { $amount }
action-refund = { $date } · { $who } · إعادة مبلغ الطلب { $target } · { $amount }
action-compensation = { $date } · { $who } · تعويض، الطلب { $target } · { $amount }
action-payment = { $date } · { $who } · قبول { $target } · { $amount }
action-reject = { $date } · { $who } · رفض { $target }
action-payback = { $date } · { $who } · إرجاع { $target } · { $amount }
action-note = «{ $note }»
method-on = ✓ { $way }: متاح من جديد. إن لم يُحلّ السبب فسيتوقف عند أول محاولة.
method-was-on = { $way }: كان متاحًا.
button-method = إتاحته من جديد
alert-method_off = 🚫 { $method }: لا يقبل مزوّد الدفع مدفوعات لهذا المتجر ({ $code }). لم يعد معروضًا على أحد.
    للبطاقات: يجب توثيق ملف التاجر. ثم اضغط.
alert-payment_held = 🛠️ { $payment } ({ $method }) للزبون { $user }: يقال إن { $paid } وصل، والمطلوب { $asked }. { $doubt }
    لم تُشحن أي محفظة. انظر وقرّر.
alert-payment_taken_back = ↩️ { $payment }: أعاد تيليغرام { $paid } إلى { $user } دون المتجر. ضاع لأنه صُرف: { $lost }
alert-payback_failed = ↩️ { $payment }: تعذّر إرجاع { $paid } ({ $code }). المبلغ في المحفظة من جديد.
attention-payments = 🧾 مدفوعات تحتاج قرارًا: { $count } · /payments
attention-cases = 🆘 زبائن ينتظرون جوابًا: { $count }
audit-payments = المدفوعات
audit-stars = نجوم تيليغرام
menu-payments = المدفوعات والوصولات
menu-actions = ما حرّكه المشغّلون
# الدعم.
case = 🆘 <b>الملف { $number }</b> · الزبون { $id }
case-order = أحدث طلب: { $icon } { $number } · { $state }
case-reply = للإجابة رُدّ على ما يلي.
case-passed = ✓ وصلت رسالتك إلى الدعم (الملف { $number }). يأتي الجواب هنا.
case-kept = ملفك { $number } مفتوح. لا أحد من الدعم متاح الآن: ستُنقل رسالتك حالما يصبح أحدهم متاحًا.
case-kind = يستقبل الدعم النصوص والصور والملفات. أرسل واحدًا منها.
case-answer = 💬 <b>الدعم</b> · الملف { $number }
case-sent = ✓ أُرسل إلى { $id } (الملف { $number }).
case-others = 💬 أجاب { $who } عن الملف { $number }:
case-gone = (حُذفت هذه الرسالة قبل نسخها، أو أن Telegram لا يسمح بنسخها.)
case-unreachable = حظر هذا الزبون البوت: تعذّر إرسال الجواب.
case-closed = سُوّي الملف { $number }.
case-was-closed = سبقت تسوية الملف { $number }.
button-settled = ✓ تمت التسوية
button-case-more = إضافة
button-case-answer = إجابة
