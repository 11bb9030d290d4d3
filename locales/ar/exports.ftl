# ملف الشهر للمحاسب.
export-ask = 📁 <b>{ $month }</b>: { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }، 3 أوراق عمل وملخّص.
export-holds = فيه معرّفات الزبائن على تيليغرام والمبالغ، ولا رموز فيه. كل من يحصل على الملف يمكنه قراءته.
button-export-send = أرسله
button-export-leave = لا ترسله
export-making = 📁 جارٍ إعداد ملف { $month }…
export-caption = 📁 { $month }: الطلبات ودفتر القيود والمدفوعات وملخّص. الحسابات متوازنة.
export-left = لم يُعدّ أي ملف.
export-failed = تعذّر إعداد ملف { $month } الآن. على جهاز المتجر: { $command }
export-not-tied = ✗ لا ملف لشهر { $month }: الحسابات غير متوازنة. المزيد في /audit
export-difference = · { $difference }
action-export = { $date } · { $who } · ملف { $target }
menu-export = حسابات شهر للمحاسب
refused-month = الشهر { $month } لم ينته بعد. تُقفل حساباته بعد ساعة من نهايته.
