# News: words of operators to many people, and what people choose about them.
news-title = 📣 <b>الإعلانات</b> إلى زبائن كثيرين
news-none = لم يُرسل شيء بعد.
news-running = الإعلان { $id }: { $tried } من { $people }
news-ended = الإعلان { $id } · { $date } · أُرسل: { $sent }، تعذّر الوصول: { $blocked }، رُفض: { $failed }، غير مؤكد: { $unknown }
news-bought = الشراء خلال 7 أيام بعده: { $people ->
        [zero] لا أحد، { $amount }
        [one] شخص واحد، { $amount }
        [two] شخصان، { $amount }
        [few] { $people } أشخاص، { $amount }
        [many] { $people } شخصًا، { $amount }
       *[other] { $people } شخص، { $amount }
    }
button-news-new = ✏️ كتابة إعلان
button-news-draft = ✏️ متابعة الإعلان { $id }
button-news-stop = ⏹ إيقاف الإعلان { $id }
news-ask = ✏️ أرسل النص باللغة <b>{ $language }</b> كما سيُقرأ.
news-ask-how = { $longest ->
        [zero] لا حروف
        [one] حرف واحد
        [two] حرفان
        [few] { $longest } حروف
        [many] { $longest } حرفًا
       *[other] { $longest } حرف
    } على الأكثر؛ يبقى الخط العريض والروابط. يمكنك أيضًا إرسال صورة واحدة مع النص شرحًا لها.
news-ask-skip = عند التخطي لا يصل شيء إلى من يقرأ بهذه اللغة ({ $language }).
news-fault-empty = لم يكن ذلك نصًا ولا صورة مع شرح.
news-fault-album = كان ذلك ألبومًا. يمكن إرسال صورة واحدة فقط.
news-fault-bare = هذه الصورة بلا نص. أرسلها ومعها النص شرحًا لها.
news-fault-long = هذا النص أطول من اللازم.
news-fault-cut = هذا النص أطول من اللازم. قد تصل بقيته في رسائل أخرى، ولن تُؤخذ.
news-fault-rest = قد تكون هذه بقية النص الذي كان أطول من اللازم، لذلك لم تُؤخذ.
news-fault-photo = تيليغرام لا يقبل هذه الصورة. أرسل صورة أخرى، أو نصًا فقط.
news-fault-refused = تيليغرام لا يقبل هذا النص. أرسله دون تنسيق.
news-ask-whole = اضغط الزر، ثم أرسل نصًا لا يزيد على { $longest ->
        [zero] لا حروف
        [one] حرف واحد
        [two] حرفين
        [few] { $longest } حروف
        [many] { $longest } حرفًا
       *[other] { $longest } حرف
    }.
button-news-whole = ✏️ كتابة النص من جديد: { $language }
button-news-skip = تخطي { $language }
news-draft = 📣 <b>الإعلان { $id }</b>
news-written = ✓ { $language }
news-with-photo = { " " }· مع صورة
news-unwritten = – { $language }: هؤلاء لا يصلهم شيء
news-for-all = للجميع
news-for-locale = لمن يقرأ بهذه اللغة: { $language }
news-for-bought = لمن اشترى: { $what }
news-for-idle = لمن لم يشترِ شيئًا منذ 30 يومًا
news-for-above = لمن في محفظته أكثر من { $amount }
news-with-button = الزر: { $product }
button-news-text = ✏️ { $language }
button-news-who = 👥 لمن يُرسل؟
button-news-product = 🛍️ زر منتج
button-news-card = 👁 معاينة وإرسال
button-news-drop = 🗑 حذف
news-who = 👥 <b>الإعلان { $id }</b>: لمن يُرسل؟
news-who-two = اثنان من هذه على الأكثر معًا.
button-news-all = الجميع
button-news-locale = { $language }
button-news-bought = اشترى منتجًا…
button-news-idle = لم يشترِ منذ 30 يومًا
button-news-above = محفظته فوق…
button-news-chosen = ✓ { $what }
button-news-done = تم
news-ask-bought = ماذا اشتروا؟ اكتب اسم منتج أو اختر فئة.
news-ask-button = أي منتج يفتحه الزر؟ اكتب اسمه.
news-ask-above = فوق أي مبلغ في المحفظة؟ مثلًا: 1000
news-not-found = لا نتائج. اكتب اسمًا آخر.
news-found = أيها تقصد؟
button-news-found = { $product }
button-news-no-product = دون زر
news-card = 📣 <b>الإعلان { $id }</b> · إلى { $people ->
        [zero] لا أحد
        [one] شخص واحد
        [two] شخصين
        [few] { $people } أشخاص
        [many] { $people } شخصًا
       *[other] { $people } شخص
    }
news-languages = { $list }
news-left-out = لن يصل إلى هؤلاء: من أوقفوا الإعلانات { $refused } · من تعذّر الوصول إليهم { $blocked } · المحظورون { $banned } · من وصلهم إعلان مؤخرًا { $lately }
news-takes = يستغرق { $minutes ->
        [zero] أقل من دقيقة
        [one] نحو دقيقة واحدة
        [two] نحو دقيقتين
        [few] نحو { $minutes } دقائق
        [many] نحو { $minutes } دقيقة
       *[other] نحو { $minutes } دقيقة
    }، والأولوية لتسليم الرموز. يمكنك إيقافه.
news-waits = الوقت ليل: يُرسل ابتداءً من { $date }.
news-verdict-changed = ⚠️ تغيّر عدد الأشخاص. راجع ثم أرسل.
news-verdict-unseen = ⚠️ هذا ما سيُرسل الآن. راجع ثم أرسل.
news-verdict-nobody = لن يصل إلى أحد.
news-verdict-owner = فوق { $limit ->
        [zero] لا أحد
        [one] شخص واحد
        [two] شخصين
        [few] { $limit } أشخاص
        [many] { $limit } شخصًا
       *[other] { $limit } شخص
    } يرسله مالك المتجر: يجده في /news.
button-news-try = 👁 أرسله إليّ أولًا
button-news-go = 📣 إرسال
button-news-edit = ✏️ تعديل
news-progress = 📣 <b>الإعلان { $id }</b>: أُرسل إلى { $tried } من { $people }
news-unreachable = { " " }· تعذّر الوصول: { $blocked }
news-done = ✓ أُرسل <b>الإعلان { $id }</b>.
news-stopped = ⏹ أُوقف <b>الإعلان { $id }</b>.
news-result = أُرسل: { $sent } · تعذّر الوصول: { $blocked } · رُفض: { $failed } · غير مؤكد: { $unknown }
news-result-unknown = غير مؤكد: ربما وصل. لا يُرسل مرة أخرى.
news-dropped = 🗑 حُذف الإعلان { $id }.
alert-news_refused = 📣 أُوقف الإعلان { $news }: لم يعد تيليغرام يقبل صورته. { $count ->
        [zero] لم يصل إلى أحد ولن يُرسل إلى أحد.
        [one] وصل إلى شخص واحد، ولن يُرسل إلى أحد آخر.
        [two] وصل إلى شخصين، ولن يُرسل إلى أحد آخر.
        [few] وصل إلى { $count } أشخاص، ولن يُرسل إلى أحد آخر.
        [many] وصل إلى { $count } شخصًا، ولن يُرسل إلى أحد آخر.
       *[other] وصل إلى { $count } شخص، ولن يُرسل إلى أحد آخر.
    } اكتبه من جديد في /news وأرسل الصورة مرة أخرى.
toast-news-old-skip = هذا الزر من خطوة سابقة: لم يتغيّر شيء.
toast-news-tried = أُرسل إليك.
button-no-news = 🔕 إيقاف الإعلانات
button-news-again = 🔔 أريد الإعلانات
news-off = 🔕 لن تصلك إعلانات من هذا المتجر. طلباتك ورموزك تصلك كالعادة.
news-on = 🔔 تصلك إعلانات هذا المتجر: { $most ->
        [zero] لا رسائل
        [one] رسالة واحدة
        [two] رسالتان
        [few] { $most } رسائل
        [many] { $most } رسالة
       *[other] { $most } رسالة
    } في الأسبوع على الأكثر.
action-news = { $date } · { $who } · الإعلان { $target }: { $after }
news-state-running = أُرسل
news-state-stopped = أُوقف
news-state-dropped = حُذف
job-news = إرسال الإعلانات
menu-news = الكتابة إلى زبائن كثيرين
action-count-news = { $count ->
        [zero] لم يُرسل إلى أحد
        [one] إلى شخص واحد
        [two] إلى شخصين
        [few] إلى { $count } أشخاص
        [many] إلى { $count } شخصًا
       *[other] إلى { $count } شخص
    }
