# The walk: from the shelf to the confirm screen.
money = { $amount } دج
home = 🏪 <b>حانوت</b>
    رموز بطاقات الهدايا تصلك هنا في ثوانٍ.
    عمّ تبحث؟
home-empty = 🏪 <b>حانوت</b>
    نرتّب الرفوف الآن. عد بعد دقيقة من فضلك.
products = 🛍️ { $category }
    أي منتج تريد؟
products-page = صفحة { $page } من { $pages }
product = 🛍️ { $category } › { $product }
    أي قيمة تريد؟
product-region = المنطقة: <b>{ $region }</b>
product-loading = 🛍️ { $category } › { $product }
    ⏳ نسأل عن أسعار اليوم…
product-no-answer = 🛍️ { $category } › { $product }
    لا يمكن معرفة الأسعار الآن. حاول بعد دقيقة من فضلك.
product-nothing = 🛍️ { $category } › { $product }
    نفدت الكمية حاليًا. غالبًا ما يتجدّد المخزون خلال ساعات.
quantity = 🛍️ { $product } · { $value }
    <b>{ $price }</b> للواحدة. كم تريد؟
quantity-range = اضغط على عدد، أو اكتبه (حتى { $maximum }).
quantity-one = تُشترى واحدة فقط في كل مرة.
confirm = <b>راجع طلبك</b>
    { $product } · { $value }
    { $count } × { $price } = <b>{ $total }</b>
confirm-region = المنطقة: <b>{ $region }</b>
confirm-wallet = المحفظة { $wallet } ← { $after } بعد الشراء
confirm-until = هذا السعر ثابت { $minutes ->
        [zero] لأقل من دقيقة
        [one] لمدة دقيقة واحدة
        [two] لمدة دقيقتين
        [few] لمدة { $minutes } دقائق
        [many] لمدة { $minutes } دقيقة
       *[other] لمدة { $minutes } دقيقة
    }.
confirm-sandbox = 🧪 وضع التجربة: لا مال حقيقي، والرموز لا تعمل.
confirm-short = المحفظة { $wallet }، ينقصك <b>{ $missing }</b>.
    لشحن الرصيد، راسل الدعم واذكر رقمك: <b>{ $id }</b>
confirm-pay = المحفظة { $wallet }: ينقص <b>{ $missing }</b>.
    أكّد الطلب، ثم اختر كيف تدفع الباقي.
search-found = 🔎 «{ $query }»
search-none = 🔎 لم نجد شيئًا عن «{ $query }».
    جرّب كلمة أخرى، أو تصفّح الرفوف.
search-ask = 🔎 عمّ تبحث؟ اكتب اسمًا، مثلًا «PlayStation».
button-buy = شراء
button-buy-pay = اطلب وادفع
button-change = { $arrow } تعديل
button-back = { $arrow } رجوع
button-next = التالي { $arrow }
button-home = 🏠 الرئيسية
button-orders = 📦 طلباتي
button-wallet = 👛 المحفظة
button-language = 🌐 اللغة
button-product = { $product }
button-product-region = { $product } · { $region }
button-value = { $value } · { $price }
button-value-sold-out = { $value } · نفدت الكمية
button-again = تحقّق مجددًا
button-shop = 🛍️ المتجر
button-range = ✏️ قيمة من اختيارك: { $value }
range-ask = <b>{ $product }</b>
    أيّ قيمة؟ اكتب قيمة من { $least } إلى { $most }.
range-step = بخطوات من { $step }.
range-refused = اكتب قيمة من { $least } إلى { $most }، مثلًا { $example }.
quantity-refused-one = تُشترى واحدة فقط في كل مرة: اكتب 1 أو اضغط على الزر.
quantity-refused = اكتب عددًا صحيحًا من 1 إلى { $maximum }، مثلًا { $example }، أو اضغط على زر.
currency-dinars = الدينار
currency-centimes = السنتيم
