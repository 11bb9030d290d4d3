# Buying once more what was bought, and sending somebody a product.
again-price = السعر في المرة الماضية: { $price } للرمز الواحد.
again-fewer = { $count ->
    [zero] لا يتوفر شيء الآن
    [one] يتوفر الآن رمز واحد فقط
    [two] يتوفر الآن رمزان فقط
    [few] يتوفر الآن { $count } رموز فقط
    [many] يتوفر الآن { $count } رمزًا فقط
   *[other] يتوفر الآن { $count } رمز فقط
}، وقد اشتريت { $wanted } في المرة الماضية.
again-gone = لم يعد <b>{ $product } · { $value }</b> يُباع هنا.
    قد تجد شيئًا مشابهًا في المتجر.
again-paused = لا يُباع <b>{ $product } · { $value }</b> الآن. لم يُخصم شيء.
again-paused-why = لا يُباع <b>{ $product } · { $value }</b> الآن: { $why }. لم يُخصم شيء.
    حاول لاحقًا من فضلك.
button-rebuy = ↻ اشترِ من جديد
button-rebuy-last = ↻ { $product } · { $value }
button-category = 🛍️ { $category }
button-share = ↗ مشاركة
