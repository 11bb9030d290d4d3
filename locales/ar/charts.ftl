# صور الأرقام، للمشرفين.
button-picture = 📈 رسوم بيانية
chart-sales = المبيعات
chart-sales-profit = المبيعات والربح
chart-outcomes = كيف انتهت الطلبات
chart-best = الأكثر مبيعًا
chart-hours = ساعات الذروة
chart-title = { $kind } · { $span }
chart-head = 📈 <b>{ $kind } · { $span }</b>
chart-total-sales = المبيعات { $sales }
chart-total-profit = المبيعات { $sales } · الربح { $profit }
chart-total-orders = { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }
chart-total-codes = { $count ->
        [zero] لا رموز
        [one] رمز واحد
        [two] رمزان
        [few] { $count } رموز
        [many] { $count } رمزًا
       *[other] { $count } رمز
    } · { $sales }
chart-unit-1 = بالدينار
chart-unit-1000 = بآلاف الدنانير
chart-unit-1000000 = بملايين الدنانير
chart-note = { $unit } · { $step }
chart-step-hours = { $count ->
        [zero] عمود لكل ساعة
        [one] عمود لكل ساعة
        [two] عمود لكل ساعتين
        [few] عمود لكل { $count } ساعات
        [many] عمود لكل { $count } ساعة
       *[other] عمود لكل { $count } ساعة
    }
chart-step-days = { $count ->
        [zero] عمود لكل يوم
        [one] عمود لكل يوم
        [two] عمود لكل يومين
        [few] عمود لكل { $count } أيام
        [many] عمود لكل { $count } يومًا
       *[other] عمود لكل { $count } يوم
    }
chart-step-months = { $count ->
        [zero] عمود لكل شهر
        [one] عمود لكل شهر
        [two] عمود لكل شهرين
        [few] عمود لكل { $count } أشهر
        [many] عمود لكل { $count } شهرًا
       *[other] عمود لكل { $count } شهر
    }
chart-legend-sales = المبيعات
chart-legend-profit = الربح
chart-line = { $when }: { $sales }
chart-line-profit = { $when }: { $sales } · الربح { $profit }
chart-change-today = المبيعات { $change } مقارنة بأمس في هذه الساعة
chart-change-7d = المبيعات { $change } مقارنة بالأيام السبعة السابقة
chart-change-30d = المبيعات { $change } مقارنة بالثلاثين يومًا السابقة
chart-change-profit = الربح { $change }
chart-change-none = لا مبيعات في الفترة السابقة للمقارنة.
chart-outcome-fulfilled = سُلّمت
chart-outcome-partial = سُلّم جزء منها
chart-outcome-refunded = أُعيد مبلغها
chart-outcome-open = ما زالت جارية
chart-outcome-ended = أُلغيت أو انتهت مهلتها
chart-row = { $label }: { $number }
chart-row-sold = { $label }: { $count } · { $sales }
chart-sold = { $count } · { $sales }
chart-others = كل ما عداها
chart-hours-note = الطلبات حسب اليوم والساعة
chart-hours-line = { $day }: { $count ->
        [zero] لا طلبات
        [one] طلب واحد، عند { $hour }
        [two] طلبان، أكثرها عند { $hour }
        [few] { $count } طلبات، أكثرها عند { $hour }
        [many] { $count } طلبًا، أكثرها عند { $hour }
       *[other] { $count } طلب، أكثرها عند { $hour }
    }
chart-none = لا شيء للرسم: لم تكن هناك طلبات في هذه الفترة.
chart-none-sold = لا شيء للرسم: لم يُبع شيء في هذه الفترة.
chart-no-picture = تعذّر إعداد الرسم البياني الآن؛ هذه أرقامه.
chart-no-package = تحتاج الرسوم البيانية إلى حزمة إضافية على جهاز المتجر: { $package }.
