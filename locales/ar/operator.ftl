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
stats-time = تسليم الرموز: نصفها خلال { $median } ث، و95% خلال { $p95 } ث
stats-best = الأكثر مبيعًا
stats-best-line = { $count } × { $product } · { $value } = { $sales }
stats-customers = الزبائن: { $list }
stats-waiting = طلبات في الانتظار الآن: { $count }
balance = 🏦 الرصيد لدى { $supplier }: <b>{ $balance }</b>
balance-unknown = 🏦 الرصيد لدى { $supplier } غير معروف، فالمورّد لا يستجيب.
balance-later = 🏦 { $supplier }: الدفع لاحقًا، فلا رصيد يحدّ من مبيعاتك.
balance-rate = سعر { $one }: { $price } دج، حُدّد في { $date }
balance-stale = بتاريخ { $date }، والمورّد لا يستجيب الآن.
balance-reserved = اللازم للطلبات المنتظرة: { $reserved }
balance-pace = متوسط الإنفاق في اليوم: { $spent }
balance-days = { $days ->
        [0] يكفي لأقل من يوم
        [zero] يكفي لأقل من يوم
        [one] يكفي نحو يوم واحد
        [two] يكفي نحو يومين
        [few] يكفي نحو { $days } أيام
        [many] يكفي نحو { $days } يومًا
       *[other] يكفي نحو { $days } يوم
    }
balance-sandbox = 🧪 مفتاح تجريبي: لا يُصرف شيء.
balance-paused-balance = ⏸ البيع متوقف لنقص الرصيد. اشحنه فيُستأنف البيع تلقائيًا.
balance-paused-access = ⏸ البيع متوقف: المورّد يرفض مفتاحنا. تحقّق من المفتاح.
credit-done = ✓ محفظة { $id }: { $amount }. الرصيد الآن: <b>{ $balance }</b>
operator-order = { $icon } <b>الطلب { $number }</b> · { $state }
operator-order-who = الزبون { $id } · دفع { $total }
operator-order-unpaid = الزبون { $id } · السعر { $total }، لم يُدفع
operator-order-money = سُلّم { $delivered } من { $count } · أُعيد { $returned }
operator-order-held = محجوز حتى النهاية: <b>{ $held }</b>
operator-order-supplier = 🏭 المورّد { $supplier } · { $id }
operator-order-paid = دُفع في { $date }
operator-order-settled = أُغلق في { $date }
operator-order-attention = 🛠️ { $reason }
attention-not_found = لا أثر لهذا الطلب لدى المورّد. تحقّق هناك، ثم استعمل /refund.
attention-contradiction = حالة الطلب والأعداد والرموز لدى المورّد غير متطابقة. المبلغ محجوز. اسأل المورّد، وإن لم يكن شيء سيصل فاستعمل /refund.
attention-duplicate_code = أرسل المورّد الرمز نفسه مرتين، لهذا الطلب أو لطلب آخر، فلم يُسلَّم الثاني. اطلب منه غيره، أو استعمل /refund.
attention-sandbox_code = وصل رمز تجريبي لطلب حقيقي، ولم يُسلَّم شيء. تحقّق من مفتاح المورّد، ثم استعمل /refund.
attention-surplus = وصلت رموز أكثر من المطلوب. الزائد محفوظ ولا يراه أحد. اسأل المورّد لمن هو.
refund-done = ↩️ الطلب { $number }: أُعيد { $amount } إلى الزبون.
refund-ask = الطلب { $number }: قد يسلّمه المورّد بعد، وعندها يدفع المتجر ثمنه.
refund-ask-large = الطلب { $number }: هل يُعاد { $amount } إلى الزبون؟
refund-may-follow = إن وصلت رموزه بعد ذلك حُفظت ولم يستلمها أحد. نسأل المورّد بعد دقيقة، ثم على فترات متباعدة طوال ثلاثة أيام، ونخبرك.
refund-may-follow-lost = إن كان الطلب لدى المورّد فعلًا دفع المتجر ثمن رموز لا يستلمها أحد. نبحث في قائمته بعد دقيقة، ثم على فترات متباعدة طوال ثلاثة أيام، ونخبرك.
refund-look = 🔎 قد يسلّمه المورّد بعد. نسأله في { $at }، ثم طوال ثلاثة أيام، ونخبرك إن وصل شيء.
refund-ask-loss = سُلّم الطلب { $number }. هل يُعاد ثمن رمز واحد، { $amount }، تعويضًا للزبون؟ يتحمّل المتجر الخسارة.
button-refund-yes = إعادة { $amount }
button-refund-no = مواصلة الانتظار
refund-kept = لم يتغيّر شيء، والطلب مستمر.
refund-kept-ended = لم يُعِد هذا الزر أي مبلغ. الطلب { $number }: { $state }.
markup = <b>الأسعار</b>: التكلفة + { $percent }% + { $fixed }، مع التقريب صعودًا إلى أقرب { $step }
    /markup c1 10 50 · نسبة 10% ومبلغ 50 دج للفئة c1
    /markup c1 off · العودة إلى السعر المعتاد
    للمنتج اكتب p1 بدل c1، وللقيمة d1.
markup-line = الفئة { $target } · { $category }
markup-set = ✓ سعر { $target }: التكلفة + { $percent }% + { $fixed }
markup-off = ✓ عاد { $target } إلى السعر المعتاد
alert-balance_low = 🔻 الرصيد لدى { $supplier } منخفض: <b>{ $balance }</b>. اشحنه قريبًا.
alert-balance_low-paused = 🔻 بلغ الرصيد لدى { $supplier } حدّه الأدنى: <b>{ $balance }</b>. البيع من هذا المورّد متوقف حتى تشحنه.
alert-balance_empty = ⛽ رفض { $supplier } الطلب { $order } لنقص الرصيد، وتكلفته { $cost }.
    الطلب ينتظر، والطلبات الأصغر مستمرة. اشحن الرصيد فيُستأنف تلقائيًا، أو يُعاد مبلغه في وقته.
alert-orders_stuck = 🐌 في انتظار { $supplier } منذ أكثر من { $minutes ->
        [zero] { $minutes } دقيقة
        [one] دقيقة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }: { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    } ({ $orders })
    التفاصيل في /order. نتابعها حتى تنتهي.
alert-orders_stuck-hours = 🐌 في انتظار { $supplier } منذ أكثر من { $hours ->
        [zero] { $hours } ساعة
        [one] ساعة
        [two] ساعتين
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }: { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    } ({ $orders })
    التفاصيل في /order. نتابعها حتى تنتهي.
alert-outcome_unknown = ❓ الطلب { $order }: ضاع جواب المورّد ({ $why }). نبحث عنه، ولا يُشترى شيء مرتين.
alert-order_not_found = 🛠️ الطلب { $order }: لا أثر له لدى المورّد بعد 15 دقيقة. تحقّق هناك، ثم أرسل /refund { $plain } مع السبب.
alert-order_attention = 🛠️ الطلب { $order }: { $reason }
alert-circuit_open = 🚪 يرفض { $supplier } مفتاحنا ({ $code }). أُوقفت الاتصالات به، والبيع من هذا المورّد متوقف.
    تحقّق من المفتاح ومن قائمة العناوين المسموح بها، ثم اضغط «إعادة المحاولة».
alert-price_drift = 📈 الطلب { $order }: التكلفة المتوقعة { $expected } للرمز، وأخذ المورّد { $paid }.
    بيع هذه القيمة موقوف حتى يتغيّر سعرها أو تضغط «البيع من جديد».
alert-bought_for_nobody = 🧾 لدى { $supplier } الطلب { $id } من أجل طلبنا { $order } الذي لم يعد يقبله: أُعيد مبلغ طلبنا بعد الشراء، أو له طلب آخر هناك. ألغِه لدى المورّد أو احتفظ برموزه. التفاصيل: /order { $plain }
alert-bought_for_nobody-codes = 🧾 أُعيد مبلغ الطلب { $order } بعد الشراء، ومع ذلك سلّمه { $supplier } بالرقم { $id }. محفوظ ولا يستلمه أحد: { $codes ->
        [zero] لا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $codes } رموز
        [many] { $codes } رمزًا
       *[other] { $codes } رمز
    }. التفاصيل: /order { $plain }
alert-cost_fell = 📉 القيمة { $product } · { $label } لدى { $supplier }: انخفضت تكلفتها من { $expected } إلى { $paid }، فأُوقف بيعها.
    اسأل المورّد هل هذا سعره، ثم اضغط «البيع من جديد».
alert-offer_changed = 🔀 الطلب { $order }: لدى { $supplier } صار «{ $before }» الآن «{ $label }». لم يُشترَ شيء، وأُعيد المبلغ إلى الزبون.
alert-balance_short = 🪫 يريد زبون الشراء بمبلغ { $cost } من { $supplier }، ولم يبقَ هناك إلا { $balance }. لم يُعرض هذا الطلب، والطلبات الأصغر مستمرة. اشحن الرصيد لبيعه.
alert-rules_lost = 🏷️ لم يعد { $supplier } يعرض ما وُضعت له هذه الأسعار وقواعدها: { $rules }. تعود سارية إن عاد إلى عرضه. المعروض الآن: /prices.
button-sell-value = البيع من جديد
value-released = ✓ عادت إلى البيع.
value-released-not = هي معروضة للبيع أصلًا. لم يتغيّر شيء.
stats-losses = التعويضات { $losses }
alert-request_refused = 🛠️ الطلب { $order }: رفضه المورّد ({ $code }، رقم المحاولة { $request }). أُعيد المبلغ إلى الزبون.
alert-message_dead = ✉️ تعذّر إرسال رسالة إلى { $user } عن الطلب { $order }. الرموز باقية لديه في /orders.
alert-operator_cut_off = ✉️ رسائل الدعم لا تصل إلى المشغّل { $user }: يرفضها تيليغرام. أولها من المحادثة { $case }. يواصل المتجر المحاولة.
alert-catalogue_stale = 📚 تعذّر تحديث منتجات { $supplier } منذ يومين، وتُعرض آخر نسخة منها.
alert-supplier_down = 🔇 لا يستجيب { $supplier } منذ دقيقتين. طلباته تنتظر ولم يضِع شيء، وتُستأنف تلقائيًا عند عودته.
alert-update_quarantined = 🧯 تعذّرت معالجة رسالة واردة ({ $trouble }) فوُضعت جانبًا. مجموع ما وُضع جانبًا: { $count ->
        [zero] لا رسائل
        [one] رسالة واحدة
        [two] رسالتان
        [few] { $count } رسائل
        [many] { $count } رسالة
       *[other] { $count } رسالة
    }
    خدمة باقي الزبائن مستمرة. أصلح السبب، ثم اضغط «إعادة المحاولة».
alert-polling_stopped = 📡 لم يصل شيء من تيليغرام طوال { $seconds ->
        [zero] { $seconds } ثانية
        [one] ثانية واحدة
        [two] ثانيتين
        [few] { $seconds } ثوانٍ
        [many] { $seconds } ثانية
       *[other] { $seconds } ثانية
    }. أُعيد تشغيل الاستقبال ولم يضِع شيء.
alert-other_poller = 👥 برنامج آخر يستقبل رسائل هذا البوت بنفس TELEGRAM_TOKEN، فقد تضيع ضغطات على هذا المتجر. أوقف ذلك البرنامج. وإن كنت لا تعرفه فأنشئ مفتاحًا جديدًا للبوت عبر BotFather. يبقى هذا المتجر مفتوحًا.
alert-audit_differs = 🧾 وجد التدقيق فروقًا ({ $checks }): { $about }
    لم يتغيّر شيء. انظر /audit.
alert-audit_differs-paused = 🧾 الحسابات متناقضة ({ $checks }): { $about }
    البيع متوقف، والطلبات المدفوعة مستمرة. انظر /audit، وحين تعرف السبب اضغط «استئناف البيع».
alert-backup_failed = 💾 فشلت النسخة الاحتياطية الليلية: { $why }
alert-webhook_failing = 📡 لا يستطيع تيليغرام الوصول إلى TELEGRAM_WEBHOOK_URL ({ $reason }). المنتظر لديه، ليوم واحد على الأكثر: { $count ->
        [zero] لا رسائل
        [one] رسالة واحدة
        [two] رسالتان
        [few] { $count } رسائل
        [many] { $count } رسالة
       *[other] { $count } رسالة
    }. تحقّق من العنوان وشهادته وخادم الويب لديك.
alert-item_failing = ⚙️ فشل: { $what }. عدد المرات: { $count ->
        [zero] { $count }
        [one] مرة واحدة
        [two] مرتان
        [few] { $count } مرات
        [many] { $count } مرة
       *[other] { $count } مرة
    } ({ $trouble }).
    تُعاد المحاولة على فترات متباعدة، وكل ما عداها مستمر. أصلح السبب، ثم اضغط «إعادة المحاولة».
alert-sweep_failing = ⚙️ مهمة في الخلفية فشلت { $count ->
        [zero] { $count } مرة
        [one] مرة واحدة
        [two] مرتين متتاليتين
        [few] { $count } مرات متتالية
        [many] { $count } مرة متتالية
       *[other] { $count } مرة متتالية
    }: { $sweep } ({ $trouble }). المحاولة مستمرة، وفي السجل موضع الفشل.
alert-sweep_works = ✓ عادت المهمة في الخلفية إلى العمل: { $sweep }.
alert-night_interrupted = 💾 انقطع عمل ليلة { $night } لأن المتجر توقّف. يجري استدراكه الآن.
alert-clock_stepped = 🕰️ قُدّمت ساعة هذا الجهاز بمقدار { $by } ساعة، وهي تشير الآن إلى { $now }. لا ينتهي أي طلب قبل وقته بسبب ذلك. إن لم يقصده أحد فتحقّق من مزامنة الوقت.
alert-clock_stepped-behind = 🕰️ أُخّرت ساعة هذا الجهاز بمقدار { $by } ساعة، وهي تشير الآن إلى { $now }. كل شيء مستمر، ولا ينتهي أي طلب قبل وقته بسبب ذلك. إن لم يقصده أحد فتحقّق من مزامنة الوقت.
alert-supplier_clock = 🕰️ ساعة { $supplier } متقدّمة على ساعتنا بمقدار { $by } ساعة. البحث عن الطلبات التي ضاع جوابها يراعي ذلك. إن كانت ساعة هذا الجهاز خاطئة فتحقّق من مزامنة الوقت.
alert-supplier_clock-behind = 🕰️ ساعة { $supplier } متأخّرة عن ساعتنا بمقدار { $by } ساعة. البحث عن الطلبات التي ضاع جوابها يراعي ذلك. إن كانت ساعة هذا الجهاز خاطئة فتحقّق من مزامنة الوقت.
alert-key_abandoned = 🔐 تم التخلّي عن المفتاح { $name }. رموز لم يعد ممكنًا عرضها: { $sealed }؛ وطلباتها: { $orders }. من يسأل عنها يُوجَّه إلى الدعم. إن عثرت على المفتاح فأعده إلى HANOUT_KEYS.
alert-others = ومثلها أيضًا { $count ->
        [zero] لا شيء
        [one] واحدة
        [two] اثنتان
        [few] { $count } أخرى
        [many] { $count } أخرى
       *[other] { $count } أخرى
    }: { $named }
alert-others-where = عرض الكل: /attention
button-resume = استئناف البيع
button-inbox = إعادة المحاولة
resumed = ✓ استؤنف البيع.
resumed-in-part = انتهى هذا الإيقاف، لكن إيقافًا آخر ما زال يمنع البيع: /resume
resumed-not = لم يكن البيع متوقفًا. لم يتغيّر شيء.
brought-back = ✓ تُعاد المحاولة: { $count ->
        [zero] لا رسائل
        [one] رسالة واحدة
        [two] رسالتان
        [few] { $count } رسائل
        [many] { $count } رسالة
       *[other] { $count } رسالة
    }
brought-back-none = لا شيء موضوع جانبًا. لم يتغيّر شيء.
audit-well = 🧾 <b>التدقيق</b> · كل شيء متطابق
audit-differs = 🧾 <b>التدقيق</b> · فروق
audit-line = { $mark } { $check } · { $count }
audit-line-off = { $mark } <b>{ $check }</b> · { $about }
codes-lost-count = 🔐 رموز ضاع مفتاحها: { $count }
audit-supplier-silent = لا يستجيب { $supplier }، ولم تُقارن حساباته.
audit-paused = ⏸ البيع متوقف حتى تضغط «استئناف البيع».
attention-none = 🛠️ لا شيء ينتظرك.
attention = 🛠️ <b>ما ينتظرك</b>
attention-line = الطلب { $number } · { $reason }
attention-more = و{ $count } أخرى
attention-more-pauses = { $count ->
        [zero] ولا شيء غير ذلك موقوف: /resume
        [one] وشيء آخر موقوف بيعه: /resume
        [two] وشيئان آخران موقوف بيعهما: /resume
        [few] و{ $count } أشياء أخرى موقوف بيعها: /resume
        [many] و{ $count } شيئًا آخر موقوف بيعها: /resume
       *[other] و{ $count } شيء آخر موقوف بيعها: /resume
    }
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
attention-held = 📉 أُوقف بيعها بسبب تكلفتها: { $count ->
        [zero] لا قيم
        [one] قيمة واحدة
        [two] قيمتان
        [few] { $count } قيم
        [many] { $count } قيمة
       *[other] { $count } قيمة
    }
button-sell-held = البيع من جديد: { $product } · { $label }
attention-failing = ⚙️ تفشل مرة بعد مرة: { $count ->
        [zero] لا عمليات
        [one] عملية واحدة
        [two] عمليتان
        [few] { $count } عمليات
        [many] { $count } عملية
       *[other] { $count } عملية
    }
trouble-unreadable = لا يمكن قراءتها
trouble-restart = توقّف المتجر أثناء معالجتها
attention-failing-line = · { $what } ({ $trouble })
attention-sweep = ⚙️ مهمة في الخلفية تفشل: { $sweep }
item-place = شراء الطلب { $id }
item-overdue = إعادة مبلغ الطلب { $id } الذي طال انتظاره
item-interrupted = البحث عن عملية الشراء المنقطعة للطلب { $id }
item-reconcile = البحث عن الطلب { $id } لدى المورّد
item-poll = متابعة الطلب { $id } لدى المورّد
item-pay = دفع الطلبات المنتظرة للزبون { $id }
item-expire = إنهاء الطلب غير المدفوع { $id }
item-payment = التحقق من عملية الدفع { $id }
item-payment_refund = إعادة مبلغ عملية الدفع { $id }
item-hide = إخفاء رسالة رموز ({ $id })
item-hide-order = إخفاء رموز الطلب { $id } التي ما زالت مقروءة في المحادثة
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
job-payments = التحقق من عمليات الدفع
job-payment-refunds = إعادة مبالغ عمليات الدفع
job-alerts = إرسال التنبيهات إليك
job-outbox = إرسال الرسائل
job-record = تسجيل الرموز المسلَّمة
job-hide = إخفاء الرموز
job-watch = إبلاغ الزبائن بتأخر طلبات { $supplier }
job-silence = اكتشاف انقطاع { $supplier }
job-balance = قراءة الرصيد لدى { $supplier }
job-access = التحقق من مفتاح { $supplier }
job-catalogue = قراءة منتجات { $supplier }
job-reminders = التذكير بالرموز التي تنتهي صلاحيتها
job-nightly = النسخ الاحتياطي والتدقيق الليلي
job-clock = اكتشاف تغيير الساعة
job-purge = حذف ما لم تعد إليه حاجة
balance-paused-audit = ⏸ البيع متوقف: الحسابات متناقضة. انظر /audit
audit-postings = القيود
audit-balances = الأرصدة
audit-orders = الطلبات
audit-holds = الطلبات المنتهية
audit-codes = الرموز
audit-deliveries = التسليمات
audit-waiting = المهام المنتظرة
audit-supplier = قائمة المورّد
audit-movements = حركات المورّد
button-circuit = إعادة المحاولة
circuit-closed = ✓ قبل المورّد المفتاح من جديد. استؤنف البيع.
circuit-still = ما زال المورّد يرفض المفتاح ({ $code }). تحقّق منه، ثم اضغط «إعادة المحاولة» من جديد.
state-awaiting_payment = بانتظار الدفع
state-paid = مدفوع، لم يُشترَ بعد
state-placing = قيد الشراء
state-unconfirmed = ضاع الجواب، قيد البحث
state-handling = قيد الانتظار لدى المورّد
state-fulfilled = تم التسليم
state-partial = تسليم جزئي
state-refunded = تمت إعادة المبلغ
state-cancelled = أُلغي
state-expired = انتهت المهلة
links = 🔗 <b>قيمة واحدة لدى مورّدَين</b>: يُشترى الأرخص المتوفر.
    /link PSN · البحث عن المنتجات وأرقامها
    /link p12 p45 · يُباع p45 باسم p12 قيمة بقيمة
    /link p45 off · يعود p45 منتجًا مستقلًا
links-none = لا منتجات مرتبطة.
links-line = المنتج { $alias } ← { $primary }
links-found = المنتج { $id } · { $product } · { $supplier }
links-hidden = · مخفي: { $ids }
links-found-none = لا منتج يطابق «{ $query }».
link-ask = هل يُباع { $alias } باسم { $primary }؟
link-pair = { $alias } = { $primary }
link-alone = لدى مورّد واحد فقط: { $values }
button-link-yes = نعم، اربطهما
link-done = ✓ تم ربط { $count ->
        [zero] لا شيء
        [one] قيمة واحدة
        [two] قيمتين
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
stats-supplier = 🏭 من { $supplier }: المبيعات { $sales }، التكلفة { $cost }
link-same = هذه القيم متطابقة:
