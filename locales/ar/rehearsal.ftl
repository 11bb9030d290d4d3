# `hanout rehearse`: ما يقرؤه المشغّلون في الطرفية، والرسائل في محادثتهم.
rehearsal-begin = تجربة بمتجر اختباري. افتح محادثتك مع البوت في هاتفك؛ تُطرح الأسئلة هنا.
rehearsal-chat = 🎭 تجربة بمتجر اختباري: كل ما يصل هنا من الآن تجربة، حتى يُكتب التقرير.
rehearsal-steps = للتجربة { $count ->
    [zero] لا خطوات
    [one] خطوة واحدة
    [two] خطوتان
    [few] { $count } خطوات
    [many] { $count } خطوة
   *[other] { $count } خطوة
 }. حين تنتظرك خطوة، اكتب s ثم Enter لتخطّيها؛ و Ctrl-C يُنهي مع التقرير حتى تلك اللحظة.
rehearsal-credit = مال تجريبي بلا قيمة
rehearsal-head = الخطوة { $number } من { $count }: { $step }
rehearsal-answer-yes = نعم
rehearsal-answer-no = لا
rehearsal-answer-unsure = لا أدري
rehearsal-answer-skip = تخطٍّ
rehearsal-verdict-as-expected = ✓ كما هو متوقع
rehearsal-verdict-different = ✗ مختلف
rehearsal-verdict-not-known = ? غير معروف
rehearsal-verdict-skipped = – تم التخطي
rehearsal-verdict-later = … أعد التجربة بعد يومين: عندها تُستكمل هذه الخطوة
rehearsal-report = التقرير في { $path }. لا رمز فيه ولا مفتاح ولا معرّف شخص؛ اقرأه ثم أرسله إلينا.

rehearsal-step-oneclickdz-purchase = يُشترى رمز تجريبي من OneClickDz ويُسلَّم في محادثتك.
rehearsal-step-oneclickdz-partial = تُطلب أربعة رموز تجريبية؛ يُفترض أن يُسلَّم منها رمزان.
rehearsal-step-oneclickdz-partial-of-one = يُشترى رمز واحد من طلب جزئي؛ لا أحد يعرف كيف ينتهي.
rehearsal-step-oneclickdz-refund = يُطلب رمزان تجريبيان؛ يُفترض ألّا يُسلَّم أي منهما.
rehearsal-step-oneclickdz-stock = يُطلب رمز تجريبي واحد فوق الكمية المتوفرة؛ يُفترض أن يرفض OneClickDz.
rehearsal-step-oneclickdz-list = يُشترى رمز تجريبي لمعرفة متى يظهر الطلب في قائمة OneClickDz. يستغرق ذلك بضع دقائق.
rehearsal-step-starship-purchase = يُشترى رمز تجريبي من Starship ويُسلَّم في محادثتك.
rehearsal-step-starship-repeat = يُرسل طلب واحد إلى Starship مرتين؛ يُفترض أن يُشترى مرة واحدة.
rehearsal-step-starship-list = يُشترى رمز تجريبي لمعرفة متى يظهر الطلب في قائمة Starship. يستغرق ذلك بضع دقائق.
rehearsal-step-copy = اخرج من المحادثة وأقفل هاتفك لترى الإشعار. رمز تجريبي في الطريق.
rehearsal-step-hide = رمز تجريبي في الطريق وسيُخفى بعد دقيقة. لا تُخفِه بنفسك.
rehearsal-step-protected = رمز تجريبي في الطريق في رسالة محمية لا يمكن تحويلها.
rehearsal-step-many-codes = خمسة رموز تجريبية في الطريق في رسالة واحدة.
rehearsal-step-arabic = رمز تجريبي في الطريق في رسالة بالعربية. انظر إليها جيدًا.
rehearsal-step-link = أُرسلت إلى محادثتك رسالة فيها رابط.
rehearsal-step-colours = أُرسلت إلى محادثتك رسالة فيها ثلاثة أزرار.
rehearsal-step-nested = أُرسلت إلى محادثتك رسالة فيها نص مخفي.
rehearsal-step-press = اضغط مرة واحدة على الزر الذي يصل إلى محادثتك. يجيب البوت بعد 30 ثانية.
rehearsal-step-pin = ثبّت أي رسالة في محادثتك مع البوت.
rehearsal-step-album = أرسل إلى البوت ثلاث صور أو أكثر معًا في ألبوم واحد.
rehearsal-step-gone = تُرسل رسالة ثم تُحذف ثم تُنسخ.
rehearsal-step-token = يُسأل تيليغرام بمفتاح بوت لا يمكن أن يكون صالحًا.
rehearsal-step-old-message = تُعدَّل رسالة للبوت بعد أن يمر عليها يومان.
rehearsal-step-stars = تُدفع نجمة واحدة بمال حقيقي وتُعاد فورًا.
rehearsal-step-stars-unknown = تُطلب إعادة مبلغ عملية دفع لم تكن أصلًا. لا يتحرك شيء.
rehearsal-step-stars-largest = تُرسل فاتورة بأقصى عدد نجوم تسمح به إعداداتك وتُحذف فورًا. لا تدفعها.
rehearsal-step-ocpay = يصل رابط إلى محادثتك. ادفع في صفحته ببطاقة تجريبية.
rehearsal-step-chargily = يصل رابط إلى محادثتك. ادفع في صفحته ببطاقة تجريبية.
rehearsal-step-chargily-refused = يصل رابط إلى محادثتك. جرّب أولًا بطاقة تُرفض، ثم ادفع في الصفحة نفسها إن سمحت.
rehearsal-step-chargily-bounds = تُبدأ عمليات دفع بمبالغ مختلفة ثم تُلغى. لا يدفعها أحد.
rehearsal-step-chargily-ended = تُبدأ عملية دفع ثم تُلغى مرتين.
rehearsal-step-chargily-list = تُقارن قائمة شارجيلي بما دفعته.
rehearsal-step-books = تُراجع حسابات هذه التجربة.

rehearsal-ask-purchase = هل وصلت رسالة فيها رمز مخفي، وهل يظهر عند الضغط عليه؟
rehearsal-ask-purchase-starship = هل وصلت رسالة فيها رمز مخفي، وهل يظهر عند الضغط عليه؟
rehearsal-ask-partial = هل تعرض رسالة واحدة رمزين وتقول إن مبلغ الباقي أُعيد؟
rehearsal-ask-refund = هل تقول رسالة إن مبلغ الطلب أُعيد؟
rehearsal-ask-copy = اضغط زر النسخ والصق في مذكرة. هل هو الرمز تمامًا؟
rehearsal-ask-preview = هل بقي الرمز مخفيًا في الإشعار وفي قائمة المحادثات؟
rehearsal-ask-covered = وفي أجهزتك الأخرى (حاسوب، ويب، لوحي): هل الرمز مخفي حتى تضغط عليه؟
rehearsal-ask-hide = هل صارت الرسالة بلا رمز في كل أجهزتك وفي قائمة المحادثات؟
rehearsal-ask-protected = هل ما زال زر النسخ ينسخ الرمز؟
rehearsal-ask-many-codes = هل تُقرأ أزرار النسخ الخمسة كلها وتُستعمل بسهولة؟
rehearsal-ask-arabic = هل تبدأ الأسطر من اليمين، والأسماء والأسعار والرمز كاملة وبترتيبها الصحيح؟
rehearsal-ask-link = هل يظهر الرابط بلا معاينة؟
rehearsal-ask-colours = هل هناك زر أخضر وزر أحمر؟
rehearsal-ask-nested = هل النص مخفي حتى تضغط عليه، ثم يظهر بحروف متساوية العرض؟
rehearsal-ask-stars-confirm = هل تدفع الآن نجمة واحدة بمال حقيقي؟ تُعاد إليك فورًا.
rehearsal-ask-stars = هل عادت النجمة إلى رصيدك؟
rehearsal-ask-page = هل عرضت الصفحة المبلغ المذكور في المحادثة تمامًا؟
rehearsal-ask-page-back = هل أعادتك الصفحة إلى البوت؟
rehearsal-ask-page-language = هل كانت الصفحة بلغة هذه التجربة؟
rehearsal-ask-page-again = بعد الرفض، هل سمحت لك الصفحة بالدفع؟

rehearsal-link = تجربة: رابط بلا معاينة. { $link }
rehearsal-colours = تجربة: ما ألوان هذه الأزرار؟
rehearsal-green = أخضر
rehearsal-red = أحمر
rehearsal-plain = بلا لون
rehearsal-nested = تجربة: اضغط على النص أدناه.
rehearsal-press = تجربة: اضغط هذا الزر مرة واحدة وانتظر.
rehearsal-press-button = اضغط
rehearsal-gone = تجربة: هذه الرسالة ستختفي.
rehearsal-old = تجربة: اترك هذه الرسالة هنا. ستُعدَّل بعد يومين.
rehearsal-old-edited = تجربة: عُدِّلت هذه الرسالة. يمكنك حذفها.
rehearsal-pay = تجربة: ادفع { $amount } في هذه الصفحة ببطاقة تجريبية، ولا تستعمل بطاقة حقيقية أبدًا.
rehearsal-pay-button = افتح الصفحة
