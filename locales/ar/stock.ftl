# مخزون المتجر الخاص، للمشغّلين.
menu-stock = رموزك الخاصة: تحميل وبيع وسحب
stock-title = 📦 <b>المخزون الخاص</b>
stock-off = رموزك ليست معروضة للبيع بعد: أضف own إلى SUPPLIERS ثم أعد تشغيل المتجر.
stock-empty = لا شيء هنا بعد. أضف منتجًا ثم حمّل رموزه.
stock-value = المنتج <b>{ $product } · { $value }</b>: { $left ->
        [zero] لم يبقَ شيء
        [one] بقي رمز واحد
        [two] بقي رمزان
        [few] بقيت { $left } رموز
        [many] بقي { $left } رمزًا
       *[other] بقي { $left } رمز
    }
stock-value-cost = تكلفة الرمز: { $cost }
stock-value-end = ينتهي أولها في { $date }
stock-batch = الدفعة { $id } · بقي { $left } من { $count } · { $cost } للرمز
stock-batch-draft = الدفعة { $id } · ليست للبيع بعد · عدد الرموز { $count } · { $cost } للرمز
stock-batch-held = الدفعة { $id } · من نسخة احتياطية وليست للبيع · عدد الرموز { $count } · { $cost } للرمز
stock-ask-names = أرسل ثلاثة أسطر: الفئة، المنتج، القيمة. مثلًا:
stock-names-wrong = أرسل ثلاثة أسطر بالضبط، لا يتجاوز كل منها 60 حرفًا: الفئة، المنتج، القيمة. مثلًا:
stock-example = { $text }
stock-ask-cost = المنتج { $product } · { $value }: كم كلّفك الرمز الواحد بالدينار؟
stock-cost-wrong = أحتاج إلى مبلغ بالدينار، مثل 1240.
stock-ask-codes = أرسل ملف .txt أو .csv، أو ألصق الرموز، رمزًا في كل سطر. إن كانت هناك أعمدة فليسمِّها السطر الأول:
stock-ask-codes-deleted = أحذف رسالتك فورًا. لكنها تكون قد مرّت بخوادم تيليغرام؛ للقيم الكبيرة استعمل hanout stock load على جهاز المتجر.
stock-loaded = 📥 <b>الدفعة { $id }</b> · { $product } · { $value }
stock-draft = لا شيء معروض للبيع بعد.
stock-held = ⚠️ هذه الدفعة من نسخة احتياطية: ما بيع بعد النسخة يظهر فيها غير مبيع. لا تعرضها للبيع إلا إذا كنت متأكدًا أن لا شيء منها بيع بعدها. وإن ألغيتها فلن يمكن تحميل رموزها من جديد.
stock-good = { $count ->
        [zero] لا رموز صالحة
        [one] رمز صالح واحد
        [two] رمزان صالحان
        [few] { $count } رموز صالحة
        [many] { $count } رمزًا صالحًا
       *[other] { $count } رمز صالح
    }
stock-refusals = موجودة من قبل: { $known } · مكرّرة في هذه الدفعة: { $twice } · غير مقروءة: { $unreadable } · قريبة من نهايتها: { $expired }
stock-line = أول سطر غير مقروء: { $line }
stock-cost = { $cost } للرمز = { $total }
stock-ends = تنتهي من { $first } إلى { $last }
stock-hints = الأول والأخير: { $hints }
stock-nothing = لم يُحمَّل أي رمز.
stock-delete-yourself = ⚠️ احذف رسالتك بنفسك، لم أستطع حذفها.
stock-on-sale = ✓ الدفعة { $id } معروضة للبيع.
stock-discarded = ✓ أُلغيت الدفعة { $id } ومُحيت رموزها هنا.
stock-discarded-held = كانت من نسخة احتياطية، فلا يمكن تحميل رموزها من جديد.
stock-withdraw-ask = سحب الدفعة { $id } ({ $product } · { $value })؟ { $left ->
        [zero] لم يبقَ من رموزها غير مبيع، وعددها { $count }.
        [one] رمز واحد من { $count } لم يُبع، وسيُمحى هنا.
        [two] رمزان من { $count } لم يُباعا، وسيُمحيان هنا.
        [few] { $left } رموز من { $count } لم تُبع، وستُمحى هنا.
        [many] { $left } رمزًا من { $count } لم تُبع، وستُمحى هنا.
       *[other] { $left } رمز من { $count } لم تُبع، وستُمحى هنا.
    } وما بيع يبقى.
stock-withdrawn = ✓ سُحبت الدفعة { $id }. رموز غير مبيعة مُحيت هنا: { $left }؛ ورموز مبيعة باقية: { $sold }.
stock-open-first = افتح /stock أولًا ثم أرسل الملف هناك. لم أقرأه، وحذفته.
stock-open-first-kept = افتح /stock أولًا ثم أرسل الملف هناك. لم أقرأه.
stock-fault-spreadsheet = هذا جدول بيانات، وبرامج الجداول تقصّ الأرقام الطويلة. أرسل القائمة بصيغة .txt أو .csv من مصدر الرموز.
stock-fault-not_text = هذا ليس نصًا. أرسل ملف .txt أو .csv بترميز UTF-8.
stock-fault-too_large = الملف أكبر من 1 MB. أرسله على أجزاء.
stock-fault-too_many = أكثر من 5000 رمز دفعة واحدة. أرسلها على أجزاء.
stock-fault-no_header = على السطر الأول أن يسمّي الأعمدة:
stock-fault-shortened = يبدو أن برنامج جداول قصّ السطر { $line }. خذ الملف من مصدر الرموز. وللرموز ذات الطول المختلف دفعة خاصة بها.
stock-fault-date = تعذّرت قراءة التاريخ في السطر { $line }. اكتبه هكذا: 2026-12-31
stock-fault-empty = لا رموز فيه.
stock-fault-formatted = عدّ تطبيق تيليغرام بعض العلامات تنسيقًا فحذفها. أرسل الرموز في ملف.
stock-fault-long = يقسّم تيليغرام نصًا بهذا الطول إلى عدة رسائل. أرسل الرموز في ملف.
stock-fault-no_codes = أرسل ملفًا واحدًا بصيغة .txt أو .csv، أو ألصق الرموز نصًا.
stock-fault-key_missing = يعمل المتجر بلا المفتاح الذي أُعيد به تشفير الرموز. أعد تشغيله بقيمة HANOUT_KEYS الجديدة، ثم أرسلها من جديد.
stock-nothing-stored = لم يُحفظ شيء. أرسل الرموز من جديد، أو اضغط «رجوع».
button-stock-value = { $product } · { $value } ({ $left })
button-stock-add = ➕ إضافة منتج
button-stock-load = 📥 تحميل رموز
button-stock-sell = عرض للبيع
button-stock-discard = إلغاء الدفعة
button-stock-withdraw = سحب الدفعة { $id }
button-stock-withdraw-yes = سحب ومحو
alert-stock_low = 📦 المنتج { $product } · { $label }: { $count ->
        [zero] لم يبقَ أي رمز خاص
        [one] بقي رمز خاص واحد
        [two] بقي رمزان خاصّان
        [few] بقيت { $count } رموز خاصة
        [many] بقي { $count } رمزًا خاصًا
       *[other] بقي { $count } رمز خاص
    }. حمّل المزيد عبر /stock
alert-stock_ending = ⌛ الدفعة { $batch } من مخزونك: { $count ->
        [zero] لا رموز قريبة من نهايتها
        [one] رمز واحد قريب من نهايته ولم يعد يُباع
        [two] رمزان قريبان من نهايتهما ولم يعودا يُباعان
        [few] { $count } رموز قريبة من نهايتها ولم تعد تُباع
        [many] { $count } رمزًا قريبة من نهايتها ولم تعد تُباع
       *[other] { $count } رمز قريبة من نهايتها ولم تعد تُباع
    }. انظر /stock
alert-stock_set_aside = 🧯 الدفعة { $batch } من مخزونك: { $count ->
        [zero] لا رموز وُضعت جانبًا
        [one] وُضع رمز واحد جانبًا
        [two] وُضع رمزان جانبًا
        [few] وُضعت { $count } رموز جانبًا
        [many] وُضع { $count } رمزًا جانبًا
       *[other] وُضع { $count } رمز جانبًا
    }، لأن مورّدًا آخر باع الرمز نفسه أو لأن فكّ تشفيره تعذّر. لا يحصل عليه أحد.
alert-stock_held = 📦 استُعيد المتجر من نسخة احتياطية، فلا تُباع الآن { $count ->
        [zero] رموزك
        [one] دفعة واحدة من رموزك
        [two] دفعتان من رموزك
        [few] { $count } دفعات من رموزك
        [many] { $count } دفعة من رموزك
       *[other] { $count } دفعة من رموزك
    }: ما بيع بعد النسخة يظهر فيها غير مبيع. انظر /stock ولا تعرض للبيع إلا ما لم يُبع بعدها يقينًا.
alert-staff = 👥 { $count ->
        [zero] لا أحد من الفريق بلا صلاحيات الآن
        [one] شخص واحد من الفريق بلا أي صلاحية الآن
        [two] شخصان من الفريق بلا أي صلاحية الآن
        [few] { $count } أشخاص من الفريق بلا أي صلاحية الآن
        [many] { $count } شخصًا من الفريق بلا أي صلاحية الآن
       *[other] { $count } شخص من الفريق بلا أي صلاحية الآن
    }: النسخة تُعيد أيضًا من أُزيل بعدها. عيّن من جديد عبر /team من لا يزال يعمل هنا.
job-stock = متابعة المخزون الخاص
audit-stock = المخزون الخاص
refused-name = الاسم من حرف واحد إلى { $longest } حرفًا مرئيًا.
refused-codes = لا يمكن تحميل هذه الرموز.
