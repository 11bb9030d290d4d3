# What operators see.
stats = 📊 <b>{ $span }</b> · { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }
stats-today = اليوم
stats-7d = آخر 7 أيام
stats-30d = آخر 30 يومًا
stats-all = منذ البداية
stats-outcomes = ✅ { $fulfilled }  ⚠️ { $partial }  ↩️ { $refunded }  ⏳ { $open }  ✖️ { $ended }
stats-money = المبيعات { $sales }
    التكلفة { $cost } · الربح <b>{ $profit }</b>
stats-time = الرموز في { $median } ث (الوسيط)، { $p95 } ث (95 ٪)
stats-best = الأكثر مبيعًا
stats-best-line = { $count } × { $product } · { $value } = { $sales }
stats-customers = الزبائن: { $list }
stats-waiting = في الانتظار الآن: { $count }
balance = 🏦 الرصيد لدى { $supplier }: <b>{ $balance }</b>
balance-unknown = 🏦 الرصيد لدى { $supplier } غير معروف، فالمورّد لا يجيب.
balance-rate = { $one } = { $price } دج، حُدّد في { $date }
balance-stale = بتاريخ { $date }، والمورّد لا يجيب الآن.
balance-reserved = تحتاج الطلبات المنتظرة { $reserved }
balance-pace = متوسط الإنفاق { $spent } في اليوم
balance-days = يكفي نحو { $days } يوم
balance-sandbox = 🧪 مفتاح تجريبي، لا يُصرف شيء.
balance-paused-balance = ⏸ البيع متوقف لنقص الرصيد، ويُستأنف تلقائيًا بعد الشحن.
balance-paused-access = ⏸ البيع متوقف، فالمورّد يرفض مفتاحنا.
credit-done = ✓ أُضيف { $amount } إلى { $id }. المحفظة: <b>{ $balance }</b>
operator-order = { $icon } <b>الطلب { $number }</b> · { $state }
operator-order-who = الزبون { $id } · دفع { $total }
operator-order-unpaid = الزبون { $id } · السعر { $total }، لم يُدفع
operator-order-money = سُلّم { $delivered } من { $count } · أُعيد { $returned }
operator-order-held = محجوز حتى النهاية: <b>{ $held }</b>
operator-order-supplier = 🏭 { $supplier } · { $id }
operator-order-paid = دُفع { $date }
operator-order-settled = أُغلق { $date }
operator-order-attention = 🛠️ { $reason }
attention-not_found = لا أثر لهذا الطلب لدى المورّد. تحقّق هناك ثم استعمل /refund.
attention-contradiction = حالة المورّد والأعداد والرموز غير متفقة. المال محجوز. اسأل المورّد، ثم استعمل /refund إن لم يكن شيء سيصل.
attention-duplicate_code = وصل رمز يملكه طلب آخر، ولم يُسلَّم. اطلب من المورّد غيره، أو استعمل /refund.
attention-sandbox_code = وصل رمز تجريبي لطلب حقيقي، ولم يُسلَّم شيء. تحقّق من مفتاح المورّد، ثم استعمل /refund.
attention-surplus = وصلت رموز أكثر من المطلوب، والزائد محفوظ. اسأل المورّد لمن هو.
refund-done = ↩️ الطلب { $number }: أُعيد { $amount } إلى الزبون.
refund-ask = الطلب { $number }: قد يسلّمه المورّد بعد، وعندها يدفع المتجر ثمنه.
    هل تعيد { $amount } إلى الزبون مع ذلك؟
refund-ask-large = الطلب { $number }: هل يُعاد { $amount } إلى الزبون؟
refund-may-follow = إن وصلت رموزه بعد ذلك فإنها تُحفظ ولا يستلمها أحد، ويدفع المتجر ثمنها. نسأل المورّد بعد دقيقة من الإعادة، ثم على فترات أطول مدة ثلاثة أيام، ونخبرك.
refund-may-follow-lost = إن كان الطلب لدى المورّد فعلًا، يدفع المتجر ثمن رموز لا يستلمها أحد. نبحث في قائمته بعد دقيقة من الإعادة، ثم على فترات أطول مدة ثلاثة أيام، ونخبرك.
refund-look = 🔎 قد يسلّمه المورّد بعد. نسأله في { $at }، ثم مدة ثلاثة أيام، ونخبرك إن وصل شيء.
refund-ask-loss = سُلّم الطلب { $number }. هل يُعاد ثمن رمز واحد، { $amount }، تعويضًا؟ يتحمّله المتجر خسارةً.
button-refund-yes = إعادة { $amount }
button-refund-no = الانتظار
refund-kept = لم يتغيّر شيء، والطلب مستمر.
markup = <b>الأسعار</b>: التكلفة + { $percent } ٪ + { $fixed }، وتُقرَّب إلى { $step } الأعلى
    /markup c1 10 50 · نسبة 10 ٪ ومبلغ 50 دج للفئة c1
    /markup c1 off · عودة إلى السعر المعتاد
    المنتجات p1 والقيم d1.
markup-line = { $target } · { $category }
markup-set = ✓ { $target }: التكلفة + { $percent } ٪ + { $fixed }
markup-off = ✓ { $target }: عاد السعر المعتاد
alert-balance_low = 🔻 الرصيد لدى { $supplier } منخفض: <b>{ $balance }</b>.
alert-balance_low-paused = 🔻 بلغ الرصيد لدى { $supplier } حدّه الأدنى: <b>{ $balance }</b>. البيع منه متوقف حتى تشحن.
alert-balance_empty = ⛽ رفض { $supplier } الطلب { $order } لنقص الرصيد، وتكلفته { $cost }.
    هو ينتظر، والطلبات الأصغر مستمرة. اشحن الرصيد فيُستأنف تلقائيًا، أو يُعاد ماله في وقته.
alert-orders_stuck = 🐌 في انتظار { $supplier } منذ أكثر من { $minutes ->
        [zero] { $minutes } دقيقة
        [one] دقيقة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }، { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }: { $orders }
    انظر /order. نتابعها حتى تنتهي.
alert-orders_stuck-hours = 🐌 في انتظار { $supplier } منذ أكثر من { $hours ->
        [zero] { $hours } ساعة
        [one] ساعة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }، { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }: { $orders }
    انظر /order. نتابعها حتى تنتهي.
alert-outcome_unknown = ❓ الطلب { $order }: ضاع جواب المورّد ({ $why }). نبحث عنه، ولا شيء يُشترى مرتين.
alert-order_not_found = 🛠️ الطلب { $order }: لا أثر له لدى المورّد بعد 15 دقيقة. تحقّق هناك ثم /refund { $plain } مع السبب.
alert-order_attention = 🛠️ الطلب { $order }: { $reason }
alert-circuit_open = 🚪 { $supplier } يرفض مفتاحنا ({ $code }). أُوقفت كل الاتصالات به والبيع منه متوقف.
    تحقّق من المفتاح وقائمة عناوينه ثم اضغط.
alert-price_drift = 📈 الطلب { $order }: التكلفة المتوقعة { $expected } للواحدة، وأخذ المورّد { $paid }.
    البيع موقوف حتى يتغيّر السعر أو حتى تضغط.
alert-bought_for_nobody = 🧾 لدى { $supplier } الطلب { $id }، أُرسل من أجل طلبنا { $order } الذي لا يأخذه: انتهى (اشتُري لكن أُعيد ماله)، أو له طلب آخر هناك. ألغِه لدى المورّد أو احتفظ برموزه. انظر /order { $plain }.
alert-bought_for_nobody-codes = 🧾 انتهى الطلب { $order } (اشتُري لكن أُعيد ماله)، وسلّم { $supplier } مع ذلك برقم { $id }. حُفظ ولا يستلمه أحد: { $codes ->
        [zero] لا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $codes } رموز
        [many] { $codes } رمزًا
       *[other] { $codes } رمز
    }. انظر /order { $plain }.
alert-cost_fell = 📉 { $product } · { $label } لدى { $supplier }: انخفضت التكلفة من { $expected } إلى { $paid }. لا تُباع حتى توافق.
    اسأل المورّد إن كان هذا سعره، ثم اضغط.
alert-offer_changed = 🔀 الطلب { $order }: لدى { $supplier } صار «{ $before }» الآن «{ $label }». لم يُشترَ شيء، وأُعيد المال إلى الزبون.
alert-balance_short = 🪫 يريد زبون الشراء بمبلغ { $cost } من { $supplier }، ولا يسمح الرصيد هناك إلا بـ { $balance }. لم يُعرض هذا الطلب، والطلبات الأصغر مستمرة. اشحن الرصيد لبيعه.
alert-rules_lost = 🏷️ غيّر { $supplier } قائمته. قواعد الأسعار هذه لم تعد تنطبق على شيء: { $rules }. انظر /markup.
button-sell-value = البيع من جديد
value-released = ✓ عاد إلى البيع.
value-released-not = لم يكن موقوفًا.
stats-losses = التعويضات { $losses }
alert-request_refused = 🛠️ الطلب { $order }: رفض المورّد الطلب ({ $code }، رقم { $request }). أُعيد المال إلى الزبون.
alert-message_dead = ✉️ تعذّر إرسال رسالة إلى { $user } عن الطلب { $order }. الرموز باقية في /orders لديه.
alert-operator_cut_off = ✉️ رسائل الدعم لا تصل إلى المشغّل { $user }: يرفضها Telegram. أولها من الملف #{ $case }. يواصل المتجر المحاولة.
alert-catalogue_stale = 📚 تعذّر تحديث قائمة { $supplier } منذ يومين، وتُعرض آخر نسخة.
alert-supplier_down = 🔇 لم يجب { $supplier } منذ دقيقتين. طلباته تنتظر ولم يضع شيء، وتُستأنف تلقائيًا عند عودته.
alert-update_quarantined = 🧯 تعذّرت معالجة رسالة واردة ({ $trouble }) فوُضعت جانبًا. ينتظر هكذا: { $count ->
        [zero] لا رسائل
        [one] رسالة واحدة
        [two] رسالتان
        [few] { $count } رسائل
        [many] { $count } رسالة
       *[other] { $count } رسالة
    }
    الآخرون يُخدمون. بعد إصلاح السبب اضغط.
alert-polling_stopped = 📡 لم يصل شيء من Telegram مدة { $seconds } ث. أُعيد تشغيل الاستقبال ولم يضع شيء.
alert-other_poller = 👥 برنامج آخر يستقبل رسائل هذا البوت بنفس TELEGRAM_TOKEN: قد تصله ضغطات الزبائن ولا تصل إلى هذا المتجر. أوقف البرنامج الآخر. إن كنت لا تعرفه فأنشئ رمزًا جديدًا عبر BotFather. يبقى هذا المتجر مفتوحًا.
alert-audit_differs = 🧾 وجد التدقيق فروقًا ({ $checks }): { $about }
    لم يتغيّر شيء. انظر /audit.
alert-audit_differs-paused = 🧾 الحسابات متناقضة ({ $checks }): { $about }
    البيع متوقف، والطلبات المدفوعة مستمرة. انظر /audit ثم استأنف البيع حين تعرف السبب.
alert-backup_failed = 💾 فشلت النسخة الاحتياطية الليلية: { $why }
alert-webhook_failing = 📡 لا يستطيع تيليغرام الوصول إلى TELEGRAM_WEBHOOK_URL ({ $reason }). { $count ->
        [zero] لا رسائل تنتظر
        [one] رسالة واحدة تنتظر
        [two] رسالتان تنتظران
        [few] { $count } رسائل تنتظر
        [many] { $count } رسالة تنتظر
       *[other] { $count } رسالة تنتظر
    } هناك، يومًا واحدًا على الأكثر. تحقق من العنوان وشهادته وخادم الويب لديك.
alert-item_failing = ⚙️ فشلت عملية عدة مرات ({ $trouble }): { $what }. عدد المرات: { $count }
    ما زالت تُعاد المحاولة، بفواصل تطول، وكل ما عداها مستمر. أصلح السبب ثم اضغط.
alert-sweep_failing = ⚙️ فشلت مهمة في الخلفية عدة مرات متتالية ({ $trouble }): { $sweep }. عدد المرات: { $count }
    ما زالت تُعاد المحاولة، وفي السجل موضع الفشل.
alert-sweep_works = ✓ عادت المهمة تعمل في الخلفية: { $sweep }.
alert-night_interrupted = 💾 انقطع عمل ليلة { $night } لأن المتجر توقّف في وسطه. يُستدرك الآن.
alert-clock_stepped = 🕰️ قُدّمت ساعة هذا الجهاز بمقدار { $by } ساعة، وهي تشير الآن إلى { $now }. لا ينتهي أي طلب قبل وقته بسبب ذلك. إن لم يقصد ذلك أحد فتحقّق من مزامنة الوقت.
alert-clock_stepped-behind = 🕰️ أُخّرت ساعة هذا الجهاز بمقدار { $by } ساعة، وهي تشير الآن إلى { $now }. كل شيء مستمر، ولا ينتهي أي طلب قبل وقته بسبب ذلك. إن لم يقصد ذلك أحد فتحقّق من مزامنة الوقت.
alert-supplier_clock = 🕰️ ساعة { $supplier } متقدّمة على ساعتنا بمقدار { $by } ساعة. يُراعى ذلك عند البحث عن الطلبات التي ضاع جوابها. إن كانت ساعة هذا الجهاز خاطئة فتحقّق من مزامنة الوقت.
alert-supplier_clock-behind = 🕰️ ساعة { $supplier } متأخّرة عن ساعتنا بمقدار { $by } ساعة. يُراعى ذلك عند البحث عن الطلبات التي ضاع جوابها. إن كانت ساعة هذا الجهاز خاطئة فتحقّق من مزامنة الوقت.
alert-key_abandoned = 🔐 تم التخلّي عن المفتاح { $name }. عدد الرموز التي لم يعد ممكنًا عرضها: { $sealed }، وعدد طلباتها: { $orders }. من يطلبها يُوجَّه إلى الدعم. إن عُثر على المفتاح فأعده إلى HANOUT_KEYS.
alert-others = ومثلها أيضًا { $count ->
        [zero] لا شيء
        [one] واحدة
        [two] اثنتان
        [few] { $count } أخرى
        [many] { $count } أخرى
       *[other] { $count } أخرى
    }: { $named }
    انظر /attention.
button-resume = استئناف البيع
button-inbox = إعادة المحاولة
resumed = ✓ استؤنف البيع.
resumed-not = لم يكن شيء متوقفًا.
brought-back = ✓ تُعاد المحاولة: { $count ->
        [zero] لا رسائل
        [one] رسالة واحدة
        [two] رسالتان
        [few] { $count } رسائل
        [many] { $count } رسالة
       *[other] { $count } رسالة
    }
brought-back-none = لم يعد هناك شيء جانبًا.
audit-well = 🧾 <b>التدقيق</b> · كل شيء متطابق
audit-differs = 🧾 <b>التدقيق</b> · فروق
audit-line = { $mark } { $check } · { $count }
audit-line-off = { $mark } <b>{ $check }</b> · { $about }
codes-lost-count = 🔐 رموز ضاع مفتاحها: { $count }
audit-supplier-silent = { $supplier } لا يجيب، ولم تُقارن حساباته.
audit-paused = ⏸ البيع متوقف حتى تضغط.
attention-none = 🛠️ لا شيء ينتظرك.
attention = 🛠️ <b>ينتظرك</b>
attention-line = { $number } · { $reason }
attention-more = و{ $count } أخرى
attention-set-aside = 🧯 رسائل وُضعت جانبًا: { $count }
button-failing = إعادة المحاولة
tried-again = ✓ أُعيدت المحاولة: { $count ->
        [zero] لا عمليات
        [one] عملية واحدة
        [two] عمليتان
        [few] { $count } عمليات
        [many] { $count } عملية
       *[other] { $count } عملية
    }
tried-again-failed = ما زالت تفشل: { $count ->
        [zero] لا عمليات
        [one] عملية واحدة
        [two] عمليتان
        [few] { $count } عمليات
        [many] { $count } عملية
       *[other] { $count } عملية
    }
tried-again-none = لم يعد شيء يفشل.
attention-failing = ⚙️ تفشل مرة بعد مرة: { $count ->
        [zero] لا عمليات
        [one] عملية واحدة
        [two] عمليتان
        [few] { $count } عمليات
        [many] { $count } عملية
       *[other] { $count } عملية
    }
attention-failing-line = · { $what } ({ $trouble })
attention-sweep = ⚙️ مهمة في الخلفية تفشل: { $sweep }
item-place = شراء الطلب { $id }
item-overdue = إعادة مبلغ الطلب { $id } الذي انتظر طويلا
item-interrupted = البحث عن عملية الشراء المنقطعة للطلب { $id }
item-reconcile = البحث عن الطلب { $id } لدى المورّد
item-poll = متابعة الطلب { $id } لدى المورّد
item-pay = دفع الطلبات المنتظرة للزبون { $id }
item-expire = إنهاء الطلب غير المدفوع { $id }
item-payment = التحقق من الدفعة { $id }
item-payment_refund = إعادة مبلغ الدفعة { $id }
item-hide = إخفاء رسالة رموز ({ $id })
item-record = تسجيل الرموز المسلَّمة للطلب { $id }
item-message = تسجيل إرسال الرسالة { $id }
item-reminder = التذكير بانتهاء صلاحية رموز الطلب { $id }
item-slow = إبلاغ الزبون بتأخر الطلب { $id }
item-alert = تنبيه ({ $id })
job-place = شراء الطلبات المدفوعة
job-poll = متابعة الطلبات لدى { $supplier }
job-reconcile = البحث عن الطلبات المفقودة لدى { $supplier }
job-interrupted = البحث عن عمليات الشراء المنقطعة
job-unpaid = دفع الطلبات التي تنتظر المال وإنهاؤها
job-payments = التحقق من الدفعات
job-payment-refunds = إعادة مبالغ الدفعات
job-alerts = إرسال التنبيهات إليك
job-outbox = إرسال الرسائل
job-record = تسجيل الرموز المسلَّمة
job-hide = إخفاء الرموز
job-watch = إبلاغ الزبائن بتأخر طلبات { $supplier }
job-silence = ملاحظة صمت { $supplier }
job-balance = قراءة الرصيد لدى { $supplier }
job-access = التحقق من مفتاح { $supplier }
job-catalogue = قراءة منتجات { $supplier }
job-reminders = التذكير بالرموز التي تنتهي صلاحيتها
job-nightly = النسخ الاحتياطي والتدقيق الليلي
job-clock = ملاحظة تغيير الساعة
job-purge = حذف ما لم تعد إليه حاجة
balance-paused-audit = ⏸ البيع متوقف، فالحسابات متناقضة. انظر /audit.
audit-postings = القيود
audit-balances = الأرصدة
audit-orders = الطلبات
audit-holds = الطلبات المنتهية
audit-codes = الرموز
audit-deliveries = التسليمات
audit-waiting = الانتظار
audit-supplier = قائمة المورّد
audit-movements = حركات المورّد
button-circuit = إعادة المحاولة
circuit-closed = ✓ قبل المورّد المفتاح من جديد، والبيع مستمر.
circuit-still = ما زال المورّد يرفض المفتاح ({ $code }).
state-awaiting_payment = بانتظار الدفع
state-paid = مدفوع، سيُشترى
state-placing = قيد الشراء
state-unconfirmed = ضاع الجواب، قيد البحث
state-handling = قيد الانتظار لدى المورّد
state-fulfilled = تم التسليم
state-partial = تسليم جزئي
state-refunded = تمت إعادة المبلغ
state-cancelled = أُلغي
state-expired = انتهت المهلة
links = 🔗 <b>قيمة واحدة لدى مورّدَين</b>: يُشترى الأرخص المتوفر.
    /link اسم · البحث عن المنتجات وأرقامها
    /link p12 p45 · يتبع p45 المنتج p12 قيمة بقيمة
    /link p45 off · يعود p45 مستقلًا
links-none = لا شيء مرتبط.
links-line = { $alias } ← { $primary }
links-found = { $id } · { $product } · { $supplier }
links-found-none = لا منتج باسم «{ $query }».
link-ask = بيع { $alias } باسم { $primary }؟ هذه القيم متساوية:
link-pair = { $alias } = { $primary }
link-alone = هذه تبقى وحدها: { $values }
button-link-yes = اربطها
link-done = ✓ رُبطت: { $count ->
        [zero] لا قيم
        [one] قيمة واحدة
        [two] قيمتان
        [few] { $count } قيم
        [many] { $count } قيمة
       *[other] { $count } قيمة
    }
link-off = ✓ عادت مستقلة: { $count ->
        [zero] لا قيم
        [one] قيمة واحدة
        [two] قيمتان
        [few] { $count } قيم
        [many] { $count } قيمة
       *[other] { $count } قيمة
    }
stats-supplier = 🏭 { $supplier }: المبيعات { $sales }، التكلفة { $cost }
