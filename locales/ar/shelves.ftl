# The shop's tree, and search.
brands = { $category }
brands-ask = أيّ علامة تريد؟
button-search = 🔎 بحث
button-help = 🆘 راسل الدعم
button-entry-plain = { $product }
button-entry-region = { $product } · { $region }
button-entry-plain-from = { $product } · من { $price }
button-entry-region-from = { $product } · { $region } · من { $price }
button-entry-plain-sold-out = { $product } · نفدت الكمية
button-entry-region-sold-out = { $product } · { $region } · نفدت الكمية
button-entry-plain-paused = { $product } · يعود قريبًا
button-entry-region-paused = { $product } · { $region } · يعود قريبًا
button-value-paused = { $value } · تعود قريبًا
button-hit = { $product } · { $value }
button-hit-price = { $product } · { $value } · { $price }
product-paused = 🛍️ { $category } › { $product }
    لا يمكن طلب هذا المنتج الآن، ويُنتظر أن يعود قريبًا.
product-instead = يمكنك أن تشتري بدلًا منه:
search-none-near = 🔎 لم نجد شيئًا عن «{ $query }».
    لعلّك تقصد:
search-which-brand = 🔎 { $query }
    لأي علامة تريد هذه القيمة؟
search-trouble = 🆘 هل من مشكلة في رمز أو في الدفع؟
    راسل الدعم، أو راجع طلباتك.
