# What an order waits for, how it ended, and the money that belongs to it.
status-money = المبلغ المدفوع: { $total }
status-soon = طلبك قيد الانتظار لدى المورّد.
status-usual-seconds = طلبك قيد الانتظار لدى المورّد، ويكون جاهزًا عادةً خلال { $count ->
        [zero] لحظات
        [one] ثانية تقريبًا
        [two] ثانيتين تقريبًا
        [few] { $count } ثوانٍ تقريبًا
        [many] { $count } ثانية تقريبًا
       *[other] { $count } ثانية تقريبًا
    }.
status-usual-minutes = طلبك قيد الانتظار لدى المورّد، ويكون جاهزًا عادةً خلال { $count ->
        [zero] لحظات
        [one] دقيقة تقريبًا
        [two] دقيقتين تقريبًا
        [few] { $count } دقائق تقريبًا
        [many] { $count } دقيقة تقريبًا
       *[other] { $count } دقيقة تقريبًا
    }.
status-usual-hours = طلبك قيد الانتظار لدى المورّد، ويكون جاهزًا عادةً خلال { $count ->
        [zero] أقل من ساعة
        [one] ساعة تقريبًا
        [two] ساعتين تقريبًا
        [few] { $count } ساعات تقريبًا
        [many] { $count } ساعة تقريبًا
       *[other] { $count } ساعة تقريبًا
    }.
status-you-can-leave = يمكنك المغادرة، وسنراسلك هنا.
status-searching = لم يصلنا ردّ المورّد على هذا الطلب، ونتحقّق منه معه الآن. أموالك في أمان، ولن يُشترى شيء مرتين.
status-see-codes = تم التسليم: الرموز في رسالة أدناه وفي /orders.
status-see-refund = أُعيد المبلغ: التفاصيل في رسالة أدناه.
order-waits = ⏳ <b>الطلب { $number }</b>
delivery-ran-out = نفدت الكمية لدى المورّد.
money-came = وصل المبلغ: { $amount } ({ $way })
money-refunded = أُعيد إلى محفظتك: <b>{ $returned }</b>
money-balance = رصيدك الآن { $wallet }.
money-paid-orders = { $count ->
        [zero] لا طلبات مدفوعة.
        [one] الطلب { $numbers } مدفوع وقيد التنفيذ.
        [two] الطلبان { $numbers } مدفوعان وقيد التنفيذ.
        [few] الطلبات { $numbers } مدفوعة وقيد التنفيذ.
        [many] الطلبات { $numbers } مدفوعة وقيد التنفيذ.
       *[other] الطلبات { $numbers } مدفوعة وقيد التنفيذ.
    }
status-see-part = تسليم جزئي: التفاصيل في رسالة أدناه، والرموز في /orders.
orders-wait-too = { $count ->
    [zero] ⏳ لا طلبات أخرى قيد التنفيذ.
    [one] ⏳ طلب آخر قيد التنفيذ.
    [two] ⏳ طلبان آخران قيد التنفيذ.
    [few] ⏳ { $count } طلبات أخرى قيد التنفيذ.
    [many] ⏳ { $count } طلبًا آخر قيد التنفيذ.
   *[other] ⏳ { $count } طلب آخر قيد التنفيذ.
}
