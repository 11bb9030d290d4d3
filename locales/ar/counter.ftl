# What operators did, besides moving money, and pauses as customers and operators read them.
job-pauses = انتهاء فترات إيقاف البيع
action-pause = { $date } · { $who } · إيقاف البيع، { $target }: { $after }
action-resume = { $date } · { $who } · نهاية إيقاف البيع: { $target }
action-markup = { $date } · { $who } · قاعدة السعر { $target }: من { $before } إلى { $after }
action-method = { $date } · { $who } · طريقة الدفع { $target } متاحة من جديد
action-link = { $date } · { $who } · ربط المنتجات: { $target }
action-value = { $date } · { $who } · القيمة { $target } معروضة للبيع من جديد
action-shop = المتجر
rule-none = لا قاعدة
rule = { $percent }% و{ $fixed }
product-pause = ⏸ غير معروض للبيع الآن: { $why }.
product-pause-until = ⏸ غير معروض للبيع حتى { $date }: { $why }.
product-pause-safe = محفظتك ورموزك لا تتأثر بذلك.
refused-paused-why = غير معروض للبيع الآن: { $why }. لم يُخصم شيء، ومحفظتك ورموزك لا تتأثر بذلك.
pause-why-soon = سيعود قريبًا
pause-why-supplier = لدى المورّد مشكلة
pause-why-prices = نراجع الأسعار
pause-why-holiday = المتجر في عطلة
button-pause-shop = المتجر كله
button-pause-supplier = المورّد { $supplier }
button-pause-product = منتج…
button-pause-named = { $product }
pause-shop = المتجر كله
pause-what = ⏸ ماذا تريد أن توقف بيعه؟
pause-which-product = أي منتج؟ اكتب اسمه.
pause-products = أيها تقصد؟
pause-no-product = لا نتائج. اكتب اسمًا آخر.
pause-why = ⏸ <b>{ $name }</b>: ماذا يقرأ الزبائن؟
button-pause-why-soon = سيعود قريبًا
button-pause-why-supplier = مشكلة لدى المورّد
button-pause-why-prices = مراجعة الأسعار
button-pause-why-holiday = عطلة
button-pause-why-words = بكلماتي
pause-words = ماذا يقرأ الزبائن؟ { $longest ->
        [zero] لا حروف
        [one] حرف واحد
        [two] حرفان
        [few] { $longest } حروف
        [many] { $longest } حرفًا
       *[other] { $longest } حرف
    } على الأكثر، دون نقطة في النهاية. لعدة لغات، اكتب سطرًا لكل لغة تبدؤه بالرمز fr أو ar أو en ثم نقطتين.
pause-until = ⏸ <b>{ $name }</b> · { $why }
    حتى متى؟
button-pause-until-open = حتى أنهيه بنفسي
button-pause-until-hour = ساعة واحدة
button-pause-until-tomorrow = حتى الغد، 09:00
pause-paid = ⏸ <b>{ $name }</b>: وما دُفع ثمنه؟
button-pause-paid-on = يُشترى
button-pause-paid-waits = ينتظر أيضًا
pause-confirm = ⏸ <b>هل توقف بيع { $name }؟</b> يقرأ الزبائن: { $why }.
pause-confirm-open = يبقى ذلك حتى تنهيه: /resume
pause-confirm-until = ينتهي في { $date }.
pause-confirm-unpaid = { $count ->
        [zero] لا طلب ينتظر الدفع.
        [one] طلب واحد ينتظر الدفع: يحتفظ بسعره وتُمدَّد مهلته بقدر الإيقاف، يومًا على الأكثر.
        [two] طلبان ينتظران الدفع: يحتفظان بسعريهما وتُمدَّد مهلتهما بقدر الإيقاف، يومًا على الأكثر.
        [few] { $count } طلبات تنتظر الدفع: تحتفظ بأسعارها وتُمدَّد مهلتها بقدر الإيقاف، يومًا على الأكثر.
        [many] { $count } طلبًا تنتظر الدفع: تحتفظ بأسعارها وتُمدَّد مهلتها بقدر الإيقاف، يومًا على الأكثر.
       *[other] { $count } طلب تنتظر الدفع: تحتفظ بأسعارها وتُمدَّد مهلتها بقدر الإيقاف، يومًا على الأكثر.
    }
pause-confirm-on = الطلبات المدفوعة مستمرة{ $count ->
        [zero] { "." }
        [one] ، وعددها الآن طلب واحد.
        [two] ، وعددها الآن طلبان.
        [few] ، وعددها الآن { $count } طلبات.
        [many] ، وعددها الآن { $count } طلبًا.
       *[other] ، وعددها الآن { $count } طلب.
    }
pause-confirm-waits = الطلبات المدفوعة تنتظر أيضًا{ $count ->
        [zero] { "." }
        [one] ، وعددها الآن طلب واحد.
        [two] ، وعددها الآن طلبان.
        [few] ، وعددها الآن { $count } طلبات.
        [many] ، وعددها الآن { $count } طلبًا.
       *[other] ، وعددها الآن { $count } طلب.
    }
pause-confirm-refunded = ما لا يمكن شراؤه يُعاد مبلغه ابتداءً من { $date }.
button-pause-yes = ⏸ إيقاف البيع
pause-done = ⏸ أُوقف البيع: { $name }.
button-lift = ▶️ { $name } · { $why }
pause-by-audit = الحسابات متناقضة
pause-line = ⏸ { $name }: { $why } · { $who }
pause-since = منذ { $date }
pause-ends = { " " }· حتى { $date }
pauses = <b>ما أُوقف بيعه</b>
    اضغط على أحدها لاستئناف بيعه، ويبقى غيره متوقفًا.
refused-paused-already = لم يتغيّر شيء: البيع متوقف من قبل لهذا السبب. أنهِ ذلك الإيقاف أولًا، أو اختر سببًا آخر: /resume
pauses-none = لا شيء متوقف.
product-pause-tell = هل نخبرك عندما يعود؟
button-watch-value = 🔔 { $value }
menu-pause = إيقاف بيع المتجر أو مورّد أو منتج
menu-resume = ما أُوقف بيعه، واستئنافه
