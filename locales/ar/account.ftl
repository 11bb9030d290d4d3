# The customer's own pages, and refusals.
wallet = 👛 المحفظة: <b>{ $balance }</b>
wallet-held = محجوز لطلباتك الجارية: { $held }
wallet-checked = 🛠️ { $reference } · { $amount }: يراجعها الدعم
wallet-payment = { $date } · شحن الرصيد · { $amount }
wallet-payback = { $date } · أُعيد مبلغ الشحن · { $amount }
wallet-id = لشحن الرصيد، راسل الدعم واذكر معرّفك على تيليغرام (ID): <b>{ $id }</b>
wallet-none = لا حركات بعد.
wallet-credit = { $date } · عن طريق الدعم · { $amount }
wallet-hold = { $date } · الطلب { $number } · { $amount }
wallet-return = { $date } · إعادة مبلغ الطلب { $number } · { $amount }
credited = 👛 أُضيف <b>{ $amount }</b> إلى محفظتك. رصيدك الآن: { $balance }
debited = 👛 خصم الدعم <b>{ $amount }</b> من محفظتك. رصيدك الآن: { $balance }
credited-note = ملاحظة: { $note }
language = 🌐 أي لغة تفضّل؟
language-name = العربية
language-set = ✓ اللغة: العربية
help = <b>كيف يعمل المتجر</b>
    1. اختر منتجًا وقيمة وكمية.
    2. راجع السعر واضغط «شراء»، فيُخصم المبلغ من محفظتك.
    3. تصلك الرموز هنا مخفية حتى تضغط عليها.
    ما يتعذّر تسليمه يُعاد مبلغه إلى محفظتك فورًا.
    /shop · /orders · /wallet · /search · /language
    هل تحتاج إلى مساعدة؟ /paysupport
privacy = <b>الخصوصية</b>
    نحفظ معرّفك على تيليغرام (ID) ولغتك وطلباتك وحركات محفظتك. رموزك محفوظة مشفّرة، ومفتاحها في مكان آخر.
    لا نحفظ اسمًا ولا رقم هاتف، ولا نشارك شيئًا مع أحد.
    معرّفك على تيليغرام: <b>{ $id }</b>. يمكنك استلام بياناتك في ملف أو طلب حذفها.
terms = <b>شروط البيع</b>
    نشتري لك الرمز لحظة تأكيدك، بالسعر المعروض.
    ما يتعذّر تسليمه يُعاد مبلغه إلى محفظتك. أما الرمز المسلَّم فلا يُعاد ثمنه، كأي بطاقة هدايا.
    تحقّق من المنطقة قبل الشراء، فالرمز لا يعمل إلا فيها.
paysupport = 🆘 <b>مساعدة في الدفع أو في طلب</b>
    رسالتك القادمة تصل إلى الدعم: اشرح المشكلة نصًا أو بصورة، مع رقم الطلب إن كان لديك (/orders).
    يردّ عليك الدعم هنا. أما دعم تيليغرام فلا يستطيع المساعدة في طلبات هذا المتجر.
    وصلت إلى هنا بالخطأ؟ /cancel
paysupport-contact = الدعم: { $contact }
cancelled = تم الإلغاء. العودة إلى المتجر: /shop
group = أعمل في المحادثات الخاصة فقط: { $link }
unknown-command = لا أعرف هذا الأمر. ما أستطيع فعله: /help
unknown-message = أقرأ النصوص والأزرار فقط. ما أستطيع فعله: /help
forwarded-message = هذه رسالة معاد توجيهها، فلم أفعل شيئًا: ربما كتبها شخص آخر. إن كنت تقصدها فاكتبها بنفسك.
button-language-en = English
button-language-fr = Français
button-language-ar = العربية
# What cannot be, and what to do then.
refused-not-found = لم يعد هذا متاحًا. ابدأ من المتجر من جديد: /shop
refused-sold-out = نفدت الكمية حاليًا. اختر قيمة أخرى من فضلك.
refused-quantity = يمكنك شراء { $minimum } إلى { $maximum } في المرة الواحدة. اكتب عددًا بينهما.
refused-quote-expired = انتهت صلاحية ذلك السعر، وهذا هو السعر الحالي.
refused-wallet = ينقصك { $missing }. لشحن الرصيد: /wallet
refused-paused = لا يمكن طلب هذا المنتج الآن. لم يُخصم شيء؛ حاول بعد دقائق أو اختر منتجًا آخر.
refused-reveals = { $limit ->
        [0] عُرضت هذه الرموز مرة واحدة
        [zero] عُرضت هذه الرموز مرة واحدة
        [one] أُعيد عرض هذه الرموز مرة واحدة
        [two] أُعيد عرض هذه الرموز مرتين
        [few] أُعيد عرض هذه الرموز { $limit } مرات
        [many] أُعيد عرض هذه الرموز { $limit } مرة
       *[other] أُعيد عرض هذه الرموز { $limit } مرة
    } ولا يمكن عرضها هنا مجددًا. الدعم يساعدك: /paysupport
refused-many-reveals = عرضتَ رموزًا كثيرة خلال هذه الساعة. حاول بعد قليل.
refused-being-shown = رموزك في طريقها إليك: ستجدها بعد لحظة في آخر هذه المحادثة.
refused-fast = تمهّل لحظة من فضلك.
refused-nothing-to-show = لا رموز في هذا الطلب بعد.
refused-codes-lost = لم نعد نستطيع فتح رموز هذا الطلب، فقد ضاع المفتاح الذي يحميها. الدعم يساعدك: /paysupport
refused-currency = المطلوب: { $asked }، وما كتبته: { $typed }.
refused-typed-amount = لم يتغيّر شيء: { $fault } هكذا: { $usage }
refused-typed-percent = لم يتغيّر شيء: النسبة ليست رقمًا من 0 إلى 1000. هكذا: { $usage }
amount-fault-zero = المبلغ صفر.
amount-fault-no-number = المبلغ لا يبدأ بأرقام.
amount-fault-decimals = في المبلغ أكثر من رقمين بعد الفاصلة.
amount-fault-groups = أرقام المبلغ ليست مجموعات من ثلاثة.
amount-fault-below-zero = المبلغ أقل من صفر.
amount-fault-more = بجانب المبلغ حروف أو رقم آخر، فاكتب كل أرقامه.
refused-usage = اكتبه هكذا: { $usage }
refused-customer = لم يفتح صاحب المعرّف { $id } المتجر من قبل. تحقّق من المعرّف وأرسل الأمر من جديد.
refused-record = لم نجد { $name }. تحقّق منه وأرسل الأمر من جديد.
refused-debit = لم يُخصم شيء: رصيد محفظة { $id } هو { $balance }. أرسل الأمر من جديد بهذا المبلغ على الأكثر.
refused-refund = لا مبلغ في الطلب { $number } يمكن إعادته. إن كان قد سُلّم وأردت تعويض الزبون فاستعمل /credit
refused-decided = سبق تنفيذ هذا. لم يتغيّر شيء.
refused-asked-long-ago = مضى وقت طويل على هذا السؤال، فلم يتغيّر شيء. أرسل الأمر من جديد.
question-too-old = لم يتغيّر شيء ولم يُرسل شيء: مضت أكثر من ساعة على هذا السؤال. ابدأ من جديد بزرّه أو بأمره.
shared-too-late = لم يتغيّر شيء بشأن هذا الشخص: انتهى السؤال. أرسل أمره من جديد.
refused-cap = لم يُنقل شيء: هذا يتجاوز حدّك اليومي، وقد بقي لك { $left }. يستطيع مشغّل آخر القيام بذلك.
refused-amount = تقبل طريقة الدفع هذه من { $least } إلى { $most }. اختر مبلغًا بينهما.
refused-method = طريقة الدفع هذه غير متاحة الآن. اختر طريقة أخرى: /wallet
refused-many-payments = لديك مدفوعات أو طلبات لم تكتمل. أكمل واحدًا منها أو ألغِه، أو عُد بعد ساعة.
refused-many-receipts = لدينا عدة وصولات لعملية الدفع هذه، والدعم يتحقق منها: /paysupport
refused-nothing-to-pay = سبق تسديد هذا. انظر /orders
refused-give-back = لم يُعد شيء: لم يعد { $missing } منه في المحفظة، أو أن طريقة الدفع هذه لا تتيح إعادة المبلغ.
refused-provider = مزوّد الدفع لا يستجيب الآن. لم يُخصم شيء؛ حاول بعد دقيقة.
refused-bill = لم يعد ممكنًا دفع هذه الفاتورة. لم يُخصم شيء؛ اطلب فاتورة جديدة: /wallet
missed-answer = ⏳ لم يسمح لنا تيليغرام بمراسلتك لبعض الوقت، فبقي أحد طلباتك دون رد. مشترياتك في /orders، وما عدا ذلك فأعد طلبه من فضلك.
refused-busy = لا يقبل تيليغرام رسائلنا الآن. حاول بعد { $minutes ->
    [zero] لحظات
    [one] دقيقة
    [two] دقيقتين
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}.
refused-storage = حدث خلل لدينا ولم يتغيّر شيء. حاول بعد دقيقة من فضلك.
refused-unsure = حدث خلل لدينا، ولا نعرف بعد هل تمّ الأمر. راجع طلباتك ومحفظتك قبل أن تعيد المحاولة.
refused-unforeseen = حدث خلل لدينا. سجّلناه ولم يضِع شيء. إن تكرّر: /paysupport
refused-value = اكتب قيمة من { $least } إلى { $most }، بزيادة { $step } في كل مرة.
refused-price = لا سعر متاح الآن. حاول بعد قليل.
refused-link = لم يُربط شيء. يمكن ربط منتجين إذا كانت بينهما قيمة مشتركة، وكانا من مورّدَين، ولم يكن أيّ منهما تابعًا لغيره ولا مخفيًا.
refused-not-found-operator = لم نجد هذا، أو عولج في الأثناء. لم يتغيّر شيء. ما بقي للمعالجة: /attention · /payments
refused-storage-operator = رفضت قاعدة البيانات العملية ولم يتغيّر شيء. حاول بعد دقيقة؛ وإن تكرّر ذلك فالسبب في السجل.
refused-unsure-operator = انقطع الاتصال بقاعدة البيانات في وسط العملية: ربما تمّت وربما لا. تحقّق عبر /order أو /payments أو /actions قبل الإعادة.
refused-unforeseen-operator = فشلت العملية بسبب خلل في البرنامج ({ $trouble }). تحقّق مما تمّ قبل الإعادة؛ والتفاصيل في السجل.
refused-provider-operator = مزوّد الدفع لا يستجيب ({ $code }). حاول بعد دقيقة.
