# The day's closing, for operators.
job-closing = حصيلة اليوم
closing = 🌙 <b>{ $date }</b>، اليوم بالأرقام
closing-orders = { $orders ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $orders } طلبات
        [many] { $orders } طلبًا
       *[other] { $orders } طلب
    } · { $codes ->
        [zero] لم يُسلّم أي رمز
        [one] سُلّم رمز واحد
        [two] سُلّم رمزان
        [few] سُلّمت { $codes } رموز
        [many] سُلّم { $codes } رمزًا
       *[other] سُلّم { $codes } رمز
    }
closing-sales = المبيعات <b>{ $sales }</b>
closing-earned = الربح <b>{ $profit }</b> · التكلفة { $cost }
closing-returned = المبالغ المعادة { $returned }
closing-held = المحجوز { $held } · { $count ->
        [zero] لا طلب ينتظر رموزه
        [one] طلب واحد ينتظر رموزه
        [two] طلبان ينتظران رموزهما
        [few] { $count } طلبات تنتظر رموزها
        [many] { $count } طلبًا تنتظر رموزها
       *[other] { $count } طلب تنتظر رموزها
    }
closing-waiting = 🛠️ <b>يحتاج قرارًا</b> · /attention
closing-waiting-orders = { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }
closing-waiting-others = { $count ->
        [zero] لا أمور أخرى
        [one] أمر آخر
        [two] أمران آخران
        [few] { $count } أمور أخرى
        [many] { $count } أمرًا آخر
       *[other] { $count } أمر آخر
    }
closing-days = 🏦 { $supplier }: { $days ->
        [zero] الرصيد يكفي أقل من يوم
        [one] الرصيد يكفي يومًا واحدًا تقريبًا
        [two] الرصيد يكفي يومين تقريبًا
        [few] الرصيد يكفي { $days } أيام تقريبًا
        [many] الرصيد يكفي { $days } يومًا تقريبًا
       *[other] الرصيد يكفي { $days } يوم تقريبًا
    }
