# جداول الأسعار، للمشغّلين.
menu-prices = جداول الأسعار
rule-percent = { $percent }%
rule-and-values = { $rule }، { $count ->
        [zero] ولا قيمة لها سعر خاص
        [one] وقيمة واحدة لها سعر خاص
        [two] وقيمتان لهما سعر خاص
        [few] و{ $count } قيم لها سعر خاص
        [many] و{ $count } قيمة لها سعر خاص
       *[other] و{ $count } قيمة لها سعر خاص
    }
prices = 💲 <b>الأسعار</b>: عادةً التكلفة + { $rule }
prices-usage =
    /prices p12 · جدول أسعار منتج
    /prices netflix · البحث عن منتج
    /prices below 5 · ما يربح أقل من 5% من التكلفة
prices-which = أيّ منتج؟
prices-nothing = لم نجد شيئًا. جرّب اسمًا آخر، أو رقمًا مثل /prices p12
price-title = 💲 <b>{ $name }</b> · { $target }
price-hidden = 🙈 مخفي: لا يمكن لأحد شراؤه. تسري هذه الأسعار متى أظهرته.
price-rule = الآن: التكلفة + { $rule }
price-rule-draft = الآن: التكلفة + { $rule } · <b>المقترح: { $proposed }</b>
price-used = ✓ مطبّق الآن: التكلفة + { $rule }
price-inherited = هذه القاعدة من فئته أو من المتجر كله.
price-of-shop = هذه قاعدة المتجر.
price-no-values = لا نعرف أي تكلفة بعد: افتح المنتج مرة في المتجر فنطلب أسعاره.
price-no-values-hidden = لا نعرف أي تكلفة بعد: نطلب أسعاره متى أظهرته وفتحه أحد في المتجر.
price-value = القيمة
price-cost = التكلفة
price-now = الآن
price-draft = المقترح
price-margin = الربح
price-price = السعر
price-percent = %
price-mark-fixed = { $mark } سعر ثابت
price-mark-beaten = { $mark } السعر الثابت لا يغطي التكلفة: تُحتسب التكلفة مع أدنى ربح
price-mark-floor = { $mark } له سعر أدنى
price-mark-own = { $mark } له قاعدة خاصة (/markup)
price-mark-hidden = { $mark } مخفي: لا يمكن لأحد شراؤه
button-price-down = −1%
button-price-up = +1%
button-price-type = نسبة أخرى…
button-price-fixed = سعر ثابت
button-price-floor = سعر أدنى
button-price-use = طبّق
button-price-undo = ↶ القاعدة السابقة
button-price-table = 💲 العودة إلى الجدول
button-price-open = { $name }
button-price-hidden = { $name } · مخفي
button-price-category = { $name } · { $rule }
button-price-value = { $name } · { $amount }
price-which-fixed = <b>{ $name }</b>: أيّ قيمة يكون لها سعر ثابت؟
price-which-floor = <b>{ $name }</b>: أيّ قيمة يكون لها سعر أدنى؟
price-ask-rule = <b>{ $name }</b>: اكتب النسبة، مثلًا 7.5. وتعني 5 20: نسبة 5% مع 20 دج زيادة. وتعني off: كما في فئته أو في المتجر.
price-ask-fixed = <b>{ $name }</b> · { $value }: اكتب سعرها الثابت بالدينار. يبقى كما هو مهما كانت القاعدة.
price-ask-floor = <b>{ $name }</b> · { $value }: اكتب أدنى سعر لها بالدينار. لا تُباع أبدًا بأقل منه.
price-ask-figures = تكلفتها علينا { $cost }، وسعرها المقترح { $price }.
price-ask-off = كلمة off تزيل ما حُدّد.
price-unreadable = لم أفهم هذا الرقم.
prices-below = 🔻 { $count ->
        [zero] لا قيمة تربح
        [one] <b>قيمة واحدة</b> تربح
        [two] <b>قيمتان</b> تربحان
        [few] <b>{ $count } قيم</b> تربح
        [many] <b>{ $count } قيمة</b> تربح
       *[other] <b>{ $count } قيمة</b> تربح
    } أقل من { $percent }% من التكلفة
prices-below-hidden = في آخر القائمة، وغير محسوبة: { $count ->
        [zero] لا قيم من منتجات مخفية.
        [one] قيمة واحدة من منتج مخفي.
        [two] قيمتان من منتجات مخفية.
        [few] { $count } قيم من منتجات مخفية.
        [many] { $count } قيمة من منتجات مخفية.
       *[other] { $count } قيمة من منتجات مخفية.
    }
prices-below-none = ✓ لا شيء يربح أقل من { $percent }% من التكلفة.
refused-prices-changed = غيّر شخص آخر هذه الأسعار في هذه الأثناء، فلم يُحفظ شيء. هذا هو الجدول كما هو الآن.
refused-price-move = لم يُحفظ: يمكن للمسيّرين معًا تغيير السعر بنسبة { $percent }% في اليوم. للمزيد اطلب من مالك المتجر.
alert-fixed_below_cost = 💸 المنتج { $product } ({ $target }) · { $label }: سعره الثابت { $fixed } لم يعد يغطي التكلفة { $cost }. إلى أن تغيّره، يُباع بالتكلفة مع أدنى ربح: /prices { $target }
job-prices = مراقبة قواعد الأسعار
action-prices = { $date } · { $who } · أسعار { $target }: من { $before } إلى { $after }
action-import = { $date } · { $who } · ملف غيّر بيانات المنتجات
action-count-import = { $count ->
        [zero] لم تتغيّر أي خلية
        [one] تغيّرت خلية واحدة
        [two] تغيّرت خليتان
        [few] تغيّرت { $count } خلايا
        [many] تغيّرت { $count } خلية
       *[other] تغيّرت { $count } خلية
    }
