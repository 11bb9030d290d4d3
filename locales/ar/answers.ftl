# Typed answers: what is asked back, and what the refusals of questions say.
button-stop = ✖️ إلغاء
button-dinars = { $amount }
button-in-centimes = { $amount } ({ $centimes ->
    [zero] { $centimes } سنتيم
    [one] سنتيم واحد
    [two] سنتيمان
    [few] { $centimes } سنتيمات
    [many] { $centimes } سنتيمًا
   *[other] { $centimes } سنتيم
})
answer-centimes = المبلغ الذي كتبته بالسنتيم يساوي { $amount }. هل هذا ما تريده؟
answer-if-centimes = إن كنت تحسب بالسنتيم فالمبلغ { $amount }.
reason-refused = اكتب السبب بالكلمات، في { $longest ->
        [zero] 0 حرف
        [one] حرف واحد
        [two] حرفين
        [few] { $longest } أحرف
        [many] { $longest } حرفًا
       *[other] { $longest } حرف
    } على الأكثر. سيقرؤه الزبون.
