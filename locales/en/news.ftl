# News: words of operators to many people, and what people choose about them.
news-title = 📣 <b>Announcements</b> to many customers
news-none = Nothing has been sent yet.
news-running = Announcement { $id }: { $tried } of { $people }
news-ended = Announcement { $id } · { $date } · { $sent } sent, { $blocked } can’t be reached, { $failed } refused, { $unknown } unknown
news-bought = Bought within 7 days after it: { $people ->
        [one] { $people } person, { $amount }
       *[other] { $people } people, { $amount }
    }
button-news-new = ✏️ New announcement
button-news-draft = ✏️ Continue announcement { $id }
button-news-stop = ⏹ Stop announcement { $id }
news-ask = ✏️ Send the text in <b>{ $language }</b>, as people will read it.
news-ask-how = Up to { $longest ->
        [one] one character
       *[other] { $longest } characters
    }; bold text and links are kept. You can also send one photo with the text as its caption.
news-ask-skip = If you skip it, people who read { $language } get nothing.
news-fault-empty = That was no text, and no photo with a caption.
news-fault-album = That was an album. Only one photo can be sent.
news-fault-bare = That photo has no text. Send it with the text as its caption.
news-fault-long = That text is too long.
news-fault-cut = That text is too long. The rest may come in more messages, which won’t be used.
news-fault-rest = This may be the rest of the text that was too long, so it wasn’t used.
news-fault-photo = Telegram doesn’t accept this photo. Send another one, or only text.
news-fault-refused = Telegram doesn’t accept this text. Send it without formatting.
news-ask-whole = Press the button, then send a text of at most { $longest ->
        [one] one character
       *[other] { $longest } characters
    }.
button-news-whole = ✏️ Write { $language } again
button-news-skip = Skip { $language }
news-draft = 📣 <b>Announcement { $id }</b>
news-written = ✓ { $language }
news-with-photo = { " " }· with a photo
news-unwritten = – { $language }: these people get nothing
news-for-all = For everybody
news-for-locale = For people who read { $language }
news-for-bought = For people who bought { $what }
news-for-idle = For people without a purchase in 30 days
news-for-above = For people with more than { $amount } in their wallet
news-with-button = Button: { $product }
button-news-text = ✏️ { $language }
button-news-who = 👥 Who gets it
button-news-product = 🛍️ A product button
button-news-card = 👁 Preview and send
button-news-drop = 🗑 Delete the draft
news-who = 👥 <b>Announcement { $id }</b>: who gets it?
news-who-two = At most two of these at once.
button-news-all = Everybody
button-news-locale = { $language }
button-news-bought = Bought a product…
button-news-idle = No purchase in 30 days
button-news-above = Wallet balance above…
button-news-chosen = ✓ { $what }
button-news-done = Done
news-ask-bought = What did they buy? Type a product’s name, or choose a category.
news-ask-button = Which product should the button open? Type its name.
news-ask-above = With more than how much in their wallet? For example: 1,000
news-not-found = Nothing found. Type another name.
news-found = Which one?
button-news-found = { $product }
button-news-no-product = No button
news-card = 📣 <b>Announcement { $id }</b> · to { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
news-languages = By language: { $list }
news-left-out = Left out: { $refused } turned news off · { $blocked } can’t be reached · { $banned } banned · { $lately } got news recently
news-takes = Takes { $minutes ->
        [one] about { $minutes } minute
       *[other] about { $minutes } minutes
    }; code deliveries go first. You can stop it at any time.
news-waits = It’s night: sending starts on { $date }.
news-verdict-changed = ⚠️ It would now reach more or fewer people than before. Look again, then send.
news-verdict-unseen = ⚠️ This is what would go out now. Look at it, then send.
news-verdict-nobody = Nobody would get it.
news-verdict-owner = Above { $limit ->
        [one] { $limit } person
       *[other] { $limit } people
    }, only an owner can send it, in /news.
button-news-try = 👁 Send it to me first
button-news-go = 📣 Send
button-news-edit = ✏️ Edit
news-progress = 📣 <b>Announcement { $id }</b>: sent to { $tried } of { $people }
news-unreachable = { " " }· { $blocked } can’t be reached
news-done = ✓ <b>Announcement { $id }</b> has been sent.
news-stopped = ⏹ <b>Announcement { $id }</b> was stopped.
news-result = { $sent } sent · { $blocked } can’t be reached · { $failed } refused · { $unknown } unknown
news-result-unknown = Unknown: it may have arrived. It isn’t sent again.
news-dropped = 🗑 Announcement { $id } was deleted.
alert-news_refused = 📣 Announcement { $news } was stopped: Telegram no longer accepts its photo. { $count ->
        [0] Nobody got it, and nobody will.
        [one] One person has got it; nobody else will get it.
       *[other] { $count } people have got it; nobody else will get it.
    } Write it again with /news, and send the photo again.
toast-news-old-skip = This button is from an earlier step: nothing was changed.
toast-news-tried = Sent to you.
button-no-news = 🔕 No more news
button-news-again = 🔔 Turn news on
news-off = 🔕 News is off. You’ll still get your codes and messages about your orders.
news-on = 🔔 You’ll get news from this shop: at most { $most ->
        [one] one message
       *[other] { $most } messages
    } a week.
action-news = { $date } · { $who } · announcement { $target }: { $after }
news-state-running = sent
news-state-stopped = stopped
news-state-dropped = deleted
job-news = sending announcements
menu-news = Write to many customers
action-count-news = { $count ->
        [one] To one person
       *[other] To { $count } people
    }
