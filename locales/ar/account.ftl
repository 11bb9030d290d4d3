# The customer's own pages, and refusals.
wallet = 👛 المحفظة: <b>{ $balance }</b>
wallet-held = محجوز لطلبات: { $held }
wallet-payment = { $date } · دفع · { $amount }
wallet-payback = { $date } · إرجاع · { $amount }
wallet-id = لشحن الرصيد، راسل الدعم واذكر رقمك: <b>{ $id }</b>
wallet-none = لا حركة بعد.
wallet-credit = { $date } · شحن الرصيد · { $amount }
wallet-hold = { $date } · الطلب { $number } · { $amount }
wallet-return = { $date } · إعادة مبلغ الطلب { $number } · { $amount }
credited = 👛 أُضيف <b>{ $amount }</b> إلى محفظتك. الرصيد الآن { $balance }.
debited = 👛 خصم الدعم <b>{ $amount }</b> من محفظتك. الرصيد الآن { $balance }.
credited-note = ملاحظة: { $note }
language = 🌐 أي لغة تفضّل؟
language-name = العربية
language-set = ✓ نتحدث العربية الآن.
help = <b>كيف يعمل المتجر</b>
    1. اختر منتجًا وقيمة وكمية.
    2. راجع السعر واضغط «شراء»، والدفع من محفظتك.
    3. تصلك الرموز هنا مغطاة حتى تضغط عليها.
    ما لا يصل يعود مبلغه إلى محفظتك فورًا.
    /shop · /orders · /wallet · /search · /language
    هل من مشكلة؟ /paysupport
privacy = <b>الخصوصية</b>
    نحفظ رقمك في تيليجرام ولغتك وطلباتك وحركات محفظتك، ونسخة مشفّرة من رموزك، ومفتاحها محفوظ بعيدًا عنها.
    لا نحفظ اسمًا ولا رقم هاتف، ولا نعطي شيئًا لأحد.
    لحذف بياناتك، راسل الدعم واذكر رقمك: <b>{ $id }</b>
terms = <b>الشروط</b>
    يُشترى الرمز لك لحظة تأكيدك، بالسعر المعروض.
    ما يتعذّر تسليمه يعود مبلغه إلى محفظتك. الرمز المسلَّم لا يُستردّ، كأي بطاقة هدايا.
    تحقّق من المنطقة قبل الشراء، فالرمز لا يعمل إلا فيها.
paysupport = 🆘 <b>مساعدة في دفعة أو طلب</b>
    اكتب الآن ما المشكلة، بالكلمات أو بصورة، مع رقم الطلب إن وُجد (انظر /orders).
    يجيب الدعم هنا؛ أما دعم تيليغرام فلا يستطيع المساعدة في طلباتنا. /cancel إن لم يكن هناك شيء.
paysupport-contact = الدعم: { $contact }
cancelled = لا سؤال معلّقًا الآن. المتجر مفتوح: /shop
group = أعمل في المحادثة الخاصة فقط: { $link }
unknown-command = لا أعرف هذا الأمر. /help يعرض ما أستطيع فعله.
unknown-message = أقرأ الكلمات والأزرار فقط. تجد في /help ما أستطيع فعله.
button-language-en = English
button-language-fr = Français
button-language-ar = العربية
# What cannot be, and what to do then.
refused-not-found = لم يعد هذا موجودًا. ابدأ من المتجر من فضلك.
refused-sold-out = نفدت الكمية حاليًا. اختر قيمة أخرى من فضلك.
refused-quantity = يمكنك شراء من { $minimum } إلى { $maximum }. اكتب عددًا بينهما.
refused-quote-expired = انتهت مهلة السعر، وها هو من جديد بعد التحقق.
refused-wallet = ينقص محفظتك { $missing }. انظر /wallet لمعرفة طريقة الشحن.
refused-paused = لا يستقبل المتجر طلبات جديدة الآن. لم يُخصم شيء، حاول بعد دقائق.
refused-reveals = { $limit ->
        [0] عُرضت هذه الرموز مرة واحدة
        [zero] عُرضت هذه الرموز مرة واحدة
        [one] أُعيد عرض هذه الرموز مرة واحدة
        [two] أُعيد عرض هذه الرموز مرتين
        [few] أُعيد عرض هذه الرموز { $limit } مرات
        [many] أُعيد عرض هذه الرموز { $limit } مرة
       *[other] أُعيد عرض هذه الرموز { $limit } مرة
    } ولا يمكن عرضها هنا مجددًا. الدعم يساعدك: /paysupport
refused-many-reveals = عرضت رموزًا كثيرة هذه الساعة. حاول بعد قليل.
refused-being-shown = رموزك في طريقها إليك. انظر بعد لحظة في آخر هذه المحادثة.
refused-fast = لحظة من فضلك، كان ذلك سريعًا جدًا.
refused-nothing-to-show = لا رموز في هذا الطلب بعد.
refused-codes-lost = لم يعد المتجر قادرًا على فتح رموز هذا الطلب، فقد ضاع المفتاح الذي يحميها. يمكن للدعم مساعدتك: /paysupport
refused-currency = العملة المطلوبة هنا { $asked }، لا { $typed }.
refused-usage = هكذا: { $usage }
refused-customer = لم يفتح أحد بالمعرّف { $id } المتجر من قبل. تحقّق من المعرّف.
refused-record = لا وجود لـ { $name }. تحقّق من الرقم وأرسل الأمر من جديد.
refused-debit = رصيد محفظة { $id } هو { $balance }، ولا يمكن خصم أكثر منه. لم يتغيّر شيء.
refused-refund = لا يحتجز الطلب { $number } مالًا يمكن إعادته. إن كان قد سُلّم فاستعمل /credit.
refused-decided = تم هذا من قبل.
refused-asked-long-ago = طُرح هذا السؤال منذ وقت طويل. أعد الأمر من فضلك.
refused-cap = هذا يتجاوز حدّك اليومي؛ بقي منه { $left }. يمكن لمشغّل آخر أن يفعل ذلك.
refused-amount = تقبل هذه الطريقة من { $least } إلى { $most }. اختر مبلغًا بينهما.
refused-method = طريقة الدفع هذه غير متاحة الآن. اختر طريقة أخرى: /wallet
refused-many-payments = لديك مدفوعات أو طلبات ما زالت تنتظر. أكمل واحدًا منها أو ألغِه أولًا، أو عُد بعد ساعة.
refused-many-receipts = عندنا عدة وصولات لهذه الدفعة. الدعم يراجعها: /paysupport
refused-nothing-to-pay = لم يعد هذا الطلب ينتظر مالًا. انظر /orders.
refused-give-back = لا يمكن إرجاع هذا: { $missing } منه لم يعد في المحفظة، أو أن طريقته لا تعرف الإرجاع.
refused-provider = مزوّد الدفع لا يجيب الآن. لم يُخصم شيء؛ حاول من جديد بعد دقيقة.
refused-bill = لم يعد ممكنًا دفع هذه الفاتورة. لم يُخصم شيء؛ اطلب فاتورة جديدة: /wallet
missed-answer = ⏳ لم يقبل Telegram رسائل إليك لبعض الوقت، فبقي أحد طلباتك بلا جواب. مشترياتك في /orders، وما عداها فاطلبه من جديد.
refused-busy = لا يقبل Telegram رسائلنا الآن. حاول من جديد بعد { $minutes ->
    [zero] لحظات
    [one] دقيقة
    [two] دقيقتين
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}.
refused-storage = حدث خلل عندنا ولم يتغيّر شيء. حاول بعد دقيقة.
refused-unsure = حدث خلل عندنا، ولا نعرف بعد هل تمّ طلبك. راجع طلباتك ومحفظتك قبل أن تعيد المحاولة.
refused-unforeseen = حدث خلل عندنا، وقد سُجّل ولم يضع شيء. إن تكرّر: /paysupport
refused-value = اكتب قيمة من { $least } إلى { $most }، بخطوات من { $step }.
refused-price = لا يعطي المورّد سعرًا الآن. حاول بعد قليل.
refused-link = لا يمكن ربط هذين: يلزم أن تكون بينهما قيمة مشتركة، لدى مورّدَين، وألّا يتبع أيّ منهما غيره.
