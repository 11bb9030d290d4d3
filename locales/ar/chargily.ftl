# شارجيلي باي، وما يخص كل صفحة دفع بالبطاقة.
way-chargily = بطاقة، شارجيلي باي
button-pay-chargily = 💳 بطاقة (شارجيلي باي)
card-ceiling = ⚠️ فوق { $ceiling } قد تُرفض البطاقة دون تفسير: لكل بنك سقف يحدده لبطاقاته.
card-ceiling-now = ⚠️ قد يكون سقف بطاقتك أقل. إن رُفضت فاختر مبلغًا أصغر.
payment-fee = الرسوم: { $fee }
doubt-listed = تظهر مدفوعةً في قائمة مزوّد الدفع، لكن جوابه عنها لا يؤكد ذلك.
audit-provider = قائمة مزوّد الدفع
stats-fees = الرسوم التي اقتطعها مزوّدو الدفع: { $fee }. لم تُخصم من الربح.
method-off-chargily = تحقق من CHARGILY_SECRET_KEY و CHARGILY_BASE_URL، ومن أن Chargily قبلت متجرك وتطبيقك.
