# The conversation between a customer and support: what the customer reads.
support-thread = رسائلك التالية تصل إلى الدعم أيضًا. العودة إلى المتجر: /shop
support-problem = 🆘 <b>مشكلة في الطلب { $number }</b>
    رسالتك القادمة تصل إلى الدعم: اشرح المشكلة، وأرفق صورة إن كانت مفيدة.
    وصلت إلى هنا بالخطأ؟ /cancel
support-reopened = 🆘 فُتحت المحادثة { $number } مع الدعم من جديد.
    رسالتك القادمة تصل إلى الدعم، نصًا أو صورة.
support-reply-now = اكتب ردّك الآن: يصل إلى الدعم، نصًا أو صورة.
support-closed = ✓ أغلق الدعم المحادثة { $number }.
    هل بقيت مشكلة؟ افتح المحادثة من جديد.
support-ended = ✓ أغلقتَ المحادثة { $number } مع الدعم.
support-was-ended = المحادثة { $number } مع الدعم مغلقة من قبل.
support-kind = لا يستطيع الدعم استلام هذا النوع من الرسائل. أرسل نصًا أو صورة أو فيديو أو رسالة صوتية أو ملفًا.
support-too-many = أرسلت رسائل كثيرة في وقت قصير، فلم تصل هذه الرسالة إلى الدعم. وصلته الرسائل السابقة؛ اكتب من جديد بعد بضع دقائق.
button-reopen = إعادة فتحها
support-once-a-day = لم تصل هذه الرسالة إلى الدعم: يمكنك أن تكتب إليه مرة واحدة في اليوم. وصلته رسالتك السابقة.
button-solved = ✓ حُلّت المشكلة، إغلاق
button-tell-support = 🆘 إرسال هذا إلى الدعم
# What operators read.
support-case-order = بخصوص الطلب: { $icon } { $number } · { $state }
support-solved = ✓ أغلق الزبون { $id } المحادثة { $number }: حُلّت المشكلة.
