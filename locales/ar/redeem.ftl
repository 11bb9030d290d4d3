# After the codes: how to redeem them, what to do when one is refused, and the summary of an order.
how = 🎁 <b>كيف تستعمل رمزك</b> · { $product }
how-any-open = افتح موقع العلامة أو تطبيقها وسجّل الدخول إلى حسابك.
how-any-find = ابحث في قائمة حسابك عن «استرداد رمز» أو «بطاقة هدية».
how-any-paste = انسخ الرمز من رسالتنا والصقه هناك ثم أكّد.
how-any-fails = هل نُسخ الرمز كاملًا دون مسافات، وهل حسابك من البلد والعملة المذكورين على البطاقة؟
how-dial = اطلب من هاتفك: <b>{ $dial }</b>
problem = ⚠️ <b>مشكلة في رمز</b> · الطلب { $number }
problem-check = تحقّق أولًا مما يلي، ففيه السبب في أغلب الأحيان:
problem-then = ما زال الرمز مرفوضًا؟ راسل الدعم: هذا الطلب مرفق، ولا حاجة إلى إرسال الرمز.
button-how = 🎁 طريقة الاستعمال
button-problem = ⚠️ مشكلة في رمز
button-ask-support = 🆘 راسل الدعم
button-brand = 🔗 افتح { $brand }
button-summary = 🧾 ملخّص الطلب
summary = 🧾 <b>ملخّص الطلب { $number }</b>
summary-date = تاريخ الدفع: { $date }
summary-total = المجموع: { $count } × { $unit } = <b>{ $total }</b>
summary-wallet = طريقة الدفع: محفظتك
summary-topped-up = طريقة الدفع: محفظتك بعد شحنها بمبلغ { $amount } ({ $way })
summary-delivered = تم التسليم: { $came } من { $count }
summary-held = محجوز حتى يقرّر الدعم: { $held }
# Before buying: on which accounts a code works.
rule-country = ⚠️ لحسابات هذا البلد فقط: <b>{ $region }</b>
rule-currency = ⚠️ يعمل فقط على حسابات بعملة هذه المنطقة: <b>{ $region }</b>
rule-server = ⚠️ يعمل فقط على حسابات اللعبة في: <b>{ $region }</b>
rule-marketplace = ⚠️ يعمل فقط في المتجر الإلكتروني لهذا البلد: <b>{ $region }</b>
rule-zone = ⚠️ يعمل فقط في: <b>{ $region }</b>
rule-line = ⚠️ يعمل فقط على خط { $brand } مسبق الدفع
# What operators read of the order of a case.
support-order-date = تاريخ الطلب: { $date }
