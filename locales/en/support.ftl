# The conversation between a customer and support: what the customer reads.
support-thread = Your next messages go to support too. Back to the shop: /shop
support-problem = 🆘 <b>Problem with order { $number }</b>
    Your next message goes to support: tell us what went wrong, with a photo if that helps.
    Opened by mistake? /cancel
support-reopened = 🆘 Your conversation { $number } with support is open again.
    Your next message, text or photo, goes to support.
support-reply-now = Write your reply now, text or photo: it goes to support.
support-closed = ✓ Support closed your conversation { $number }.
    Something still wrong? Open it again.
support-ended = ✓ You closed your conversation { $number } with support.
support-was-ended = Your conversation { $number } with support was already closed.
support-kind = Support cannot receive this kind of message. Please send text, a photo, a video, a voice message or a file.
support-too-many = You sent many messages in a short time, so this one was not passed on. Support has the earlier ones; please write again in a few minutes.
support-once-a-day = This message wasn’t passed on: you can write to support once a day. Support has the earlier one.
button-reopen = Open it again
button-solved = ✓ Solved, close
button-tell-support = 🆘 Send this to support
# What operators read.
support-case-order = About order: { $icon } { $number } · { $state }
support-solved = ✓ Customer { $id } closed case { $number }: solved.
