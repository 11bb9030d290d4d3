# قائمة المنتجات كما يراه المشغّلون: ما هو مخفي، وما يأتي أولًا، والأسماء.
menu-catalogue = قائمة المنتجات: إخفاء وترتيب وتسمية
curate-categories = 🗂 <b>قائمة المنتجات</b>
    أي فئة تريد؟ للبحث عن منتج بعينه اكتب /catalogue ثم اسمه.
curate-empty = 🗂 <b>قائمة المنتجات</b>
    لم تُقرأ منتجات أي مورّد بعد.
curate-category = 🗂 <b>{ $category }</b> · { $count ->
        [zero] لا منتجات
        [one] منتج واحد
        [two] منتجان
        [few] { $count } منتجات
        [many] { $count } منتجًا
       *[other] { $count } منتج
    }
curate-some-hidden = المخفي منها: { $count ->
        [zero] لا شيء
        [one] منتج واحد
        [two] منتجان
        [few] { $count } منتجات
        [many] { $count } منتجًا
       *[other] { $count } منتج
    }
curate-hidden-category = 🙈 الفئة كلها مخفية.
curate-new = 🆕 <b>منتجات جديدة</b>
    لا يراها الزبائن حتى تُظهرها.
curate-new-none = 🆕 لا توجد منتجات جديدة مخفية.
curate-found = 🔎 نتائج «{ $query }»:
curate-found-none = 🔎 لا نتائج لـ «{ $query }».
curate-product = 🎮 المنتج: <b>{ $product }</b> · { $id } · { $supplier }
curate-title = اسمه لدى المورّد: { $title }
curate-values = { $count ->
        [zero] لا قيم
        [one] قيمة واحدة
        [two] قيمتان
        [few] { $count } قيم
        [many] { $count } قيمة
       *[other] { $count } قيمة
    }
curate-unpriced = تُحمَّل قيمه عندما يفتحه زبون لأول مرة.
curate-cheapest = { " " }· من { $price }
curate-sold = مبيعات هذا الشهر: { $count ->
        [zero] لا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    }
curate-shown = 👁 يراه الزبائن.
curate-hidden = 🙈 مخفي: لا يراه الزبائن ولا يجدونه ولا يشترونه.
curate-hidden-with = 🙈 مخفي مع فئته { $category }.
curate-follows = 🔗 يُباع باسم المنتج المربوط به.
curate-featured = ⭐ في الصفحة الرئيسية
curate-place = الترتيب: { $place } من { $places }
curate-most = الحدّ في الطلب الواحد: { $count ->
        [zero] لا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    }
curate-name = ✏️ <b>الأسماء</b>
    إن لم يكن له اسم بلغة الزبون ظهر الاسم الإنجليزي، وإلا فاسمه لدى المورّد.
curate-how = 📖 <b>طريقة الاستعمال</b>
    تظهر تحت الرموز المسلّمة بدل خطوات المتجر.
curate-en = الإنجليزية
curate-fr = الفرنسية
curate-ar = العربية
curate-ask-name = اكتب الاسم باللغة { $language }، في { $longest } حرفًا على الأكثر.
curate-ask-how = اكتب طريقة الاستعمال باللغة { $language }: نص بسيط، في { $longest } حرف على الأكثر. والرابط ({ "\u2066" }https://…{ "\u2069" }) وحده في آخر سطر يصبح زرًا.
curate-ask-dash = لحذف النص الحالي، أرسل شرطة (–).
curate-picture = 🖼️ <b>الصورة</b>
    يفتحها الزبائن بزرّ في صفحة المنتج وفي «طريقة الاستعمال».
curate-no-picture = 🖼️ <b>الصورة</b>
    ليس لهذا المنتج صورة.
curate-ask-picture = أرسل هنا صورة واحدة.
curate-ask-other-picture = أرسل هنا صورة أخرى، فتحلّ محلّ هذه.
curate-no-photo = أرسل صورة واحدة، لا ملفًا ولا فيديو ولا ألبومًا. لم يتغيّر شيء.
curate-ask-most = المنتج <b>{ $product }</b>: كم رمزًا على الأكثر في الطلب الواحد؟ من 1 إلى { $most }.
curate-values-of = 🏷️ قيم <b>{ $product }</b>
curate-value = القيمة { $id } · { $value } · { $price } · المخزون: { $stock }
curate-value-sold-out = القيمة { $id } · { $value } · { $price } · نفدت
button-curate-has = ✓ { $language }
button-curate-none = – { $language }
button-curate-open = { $name }
button-curate-hidden = 🙈 { $name }
button-curate-product = { $product } · { $id }
button-curate-product-hidden = 🙈 { $product } · { $id }
button-curate-product-first = ⭐ { $product } · { $id }
button-curate-product-hidden-first = 🙈 ⭐ { $product } · { $id }
own-text = { $text }
button-curate-new = 🆕 جديدة ومخفية: { $count }
button-curate-hide = 🙈 إخفاء
button-curate-show = 👁 إظهار
button-curate-feature = ⭐ ضعه في الصفحة الرئيسية
button-curate-unfeature = ⭐ أزله من الصفحة الرئيسية
button-curate-name = ✏️ الاسم
button-curate-how = 📖 طريقة الاستعمال
button-curate-picture = 🖼️ الصورة
button-curate-photo = 🖼️ أرسل صورة
button-curate-see = 👁 عرضها
button-curate-remove = 🗑 إزالة
button-curate-most = 🔢 الحدّ في الطلب
button-curate-values = 🏷️ القيم
button-curate-prices = 💲 الأسعار
button-curate-undo = ↩ تراجع
button-curate-no-most = بلا حدّ خاص ({ $most })
button-curate-cancel = { $count ->
        [zero] لا طلبات للإلغاء
        [one] إلغاء طلب واحد ينتظر الدفع
        [two] إلغاء طلبين ينتظران الدفع
        [few] إلغاء { $count } طلبات تنتظر الدفع
        [many] إلغاء { $count } طلبًا تنتظر الدفع
       *[other] إلغاء { $count } طلب تنتظر الدفع
    }
button-featured = ⭐ { $product }
button-how-page = فتح الصفحة
button-product-picture = 🖼️ الصورة
button-product-picture-close = ✖️ إغلاق
product-picture = <b>{ $product }</b>
toast-picture-here = الصورة موجودة في هذه المحادثة.
toast-picture-kept = لم يعد المتجر قادرًا على إزالة هذه الصورة. يمكنك حذفها بنفسك.
toast-hidden-now = أُخفي. الطلبات الموجودة مستمرة.
toast-shown-now = يراه الزبائن من جديد.
toast-at-end = هو في طرف قائمته أصلًا.
toast-cancelled = { $count ->
        [zero] لم يعد أي طلب ينتظر الدفع.
        [one] أُلغي طلب واحد.
        [two] أُلغي طلبان.
        [few] أُلغيت { $count } طلبات.
        [many] أُلغي { $count } طلبًا.
       *[other] أُلغي { $count } طلب.
    }
refused-not-sold = لم نعد نبيع هذا المنتج. قد تجد ما يشبهه في المتجر: /shop
refused-picture = لم تعد لهذا المنتج صورة.
refused-picture-now = لا يمكن إرسال الصورة الآن. حاول مرة أخرى بعد بضع دقائق.
refused-guide-empty = طريقة الاستعمال نص بسيط بلا حروف خفية. لم يتغيّر شيء.
refused-guide-long = النص طويل: لا يتجاوز { $longest } حرف. لم يتغيّر شيء.
refused-guide-address = الرابط يكون وحده في سطر، واحدًا فقط، ويبدأ بـ { "\u2066" }https://{ "\u2069" }. والأسماء التي فيها @ غير مقبولة. لم يتغيّر شيء.
refused-name-taken = يوجد بجانبه ما يحمل الاسم نفسه في إحدى اللغات. اختر اسمًا مختلفًا.
alert-products_arrived = 🆕 لدى { $supplier } { $count ->
        [zero] لا منتجات جديدة.
        [one] منتج جديد واحد مخفي ينتظر.
        [two] منتجان جديدان مخفيان ينتظران.
        [few] { $count } منتجات جديدة مخفية تنتظر.
        [many] { $count } منتجًا جديدًا مخفيًا تنتظر.
       *[other] { $count } منتج جديد مخفي تنتظر.
    } أظهرها بالأمر /catalogue.
alert-picture_refused = 🖼️ المنتج { $product } ({ $target }): لم يعد تيليغرام يقبل صورته، فلم تعد تصل إلى الزبائن. أرسل الصورة من جديد: /catalogue { $target }
action-curation = { $date } · { $who } · قائمة المنتجات، { $target }، { $field }: { $before } ← { $after }
curated-shown = ظاهر
curated-hidden = مخفي
curated-on = نعم
curated-off = لا
curated-none = لا شيء
curated-picture = صورة
curated-other-picture = صورة أخرى
curated-no-picture = بلا صورة
curated-waiting = ينتظر الدفع
curated-cancelled = ملغى
curation-hidden = الظهور
curation-featured = الصفحة الرئيسية
curation-rank = الترتيب
curation-most = الحدّ في الطلب
curation-name = الاسم
curation-how = طريقة الاستعمال
curation-picture = الصورة
curation-order = الطلب
