# The walk: from the shelf to the confirm screen.
money = { $amount } دج
home = 🏪 <b>حانوت</b>
    رموز بطاقات الهدايا تصلك هنا في ثوانٍ.
    عمّ تبحث؟
home-empty = 🏪 <b>حانوت</b>
    نملأ الرفوف الآن. عُد بعد دقيقة من فضلك.
products = 🛍️ { $category }
products-page = صفحة { $page } من { $pages }
product = 🛍️ { $category } › { $product }
product-region = المنطقة: <b>{ $region }</b>
product-loading = 🛍️ { $category } › { $product }
    ⏳ نبحث عن أسعار اليوم…
product-no-answer = 🛍️ { $category } › { $product }
    الأسعار غير متاحة الآن. حاول بعد دقيقة من فضلك.
product-nothing = 🛍️ { $category } › { $product }
    نفدت الكمية حاليًا. كثيرًا ما تتوفر من جديد خلال ساعات.
quantity = 🛍️ { $product } · { $value }
    سعر الرمز الواحد: <b>{ $price }</b>
quantity-range = كم تريد؟ اضغط على عدد، أو اكتبه (حتى { $maximum }).
quantity-one = رمز واحد فقط في كل مرة. اضغط 1 للمتابعة.
confirm = <b>راجع طلبك</b>
    { $product } · { $value }
    المجموع: { $count } × { $price } = <b>{ $total }</b>
confirm-region = المنطقة: <b>{ $region }</b>
confirm-wallet = رصيدك { $wallet } ← { $after } بعد الشراء
confirm-until = هذا السعر ثابت { $minutes ->
        [zero] لأقل من دقيقة
        [one] لمدة دقيقة واحدة
        [two] لمدة دقيقتين
        [few] لمدة { $minutes } دقائق
        [many] لمدة { $minutes } دقيقة
       *[other] لمدة { $minutes } دقيقة
    }.
confirm-sandbox = 🧪 وضع التجربة: لا مال حقيقي، والرموز لا تعمل.
confirm-short = رصيدك { $wallet }، وينقصك <b>{ $missing }</b>.
    لشحن الرصيد، راسل الدعم واذكر معرّفك على تيليغرام (ID): <b>{ $id }</b>
confirm-pay = رصيدك { $wallet }، وينقصك <b>{ $missing }</b>.
    أكّد الطلب، ثم اختر كيف تدفع الباقي.
search-found = 🔎 نتائج «{ $query }»:
search-none = 🔎 لا نتائج لـ «{ $query }».
    جرّب كلمة أخرى، أو تصفّح الفئات.
search-ask = 🔎 عمّ تبحث؟ اكتب اسمًا، مثلًا «PlayStation».
button-buy = شراء
button-buy-pay = تأكيد الطلب والدفع
button-change = { $arrow } تعديل
button-back = { $arrow } رجوع
button-next = التالي { $arrow }
button-home = 🏠 الرئيسية
button-orders = 📦 طلباتي
button-wallet = 👛 المحفظة
button-language = 🌐 Langue · اللغة · Language
button-value = { $value } · { $price }
button-value-sold-out = { $value } · نفدت الكمية
button-again = التحقق من جديد
button-shop = 🛍️ المتجر
button-range = ✏️ قيمة من اختيارك: { $value }
range-ask = أيّ قيمة تريد؟ اكتبها، من { $least } إلى { $most }.
range-step = تزيد القيمة { $step } في كل مرة.
range-whole = القيم أعداد صحيحة فقط، بلا كسور.
range-refused = اكتب قيمة من { $least } إلى { $most }، مثلًا { $example }.
quantity-refused-one = واحدة فقط في كل مرة: اكتب 1 أو اضغط على الزر.
quantity-refused = اكتب عددًا صحيحًا من 1 إلى { $maximum }، مثلًا { $example }، أو اضغط على زر.
currency-dinars = الدينار
currency-centimes = السنتيم
products-ask = أيّ منتج تريد؟
product-ask = أيّ قيمة تريد؟
range-product = <b>{ $product }</b>
