# News: words of operators to many people, and what people choose about them.
news-title = 📣 <b>News</b> to many customers
news-none = Nothing has been sent yet.
news-running = News { $id }: { $tried } of { $people }
news-ended = News { $id } · { $date } · { $sent } sent, { $blocked } can’t be reached, { $failed } refused, { $unknown } unknown
news-bought = Bought within 7 days after it: { $people ->
        [one] { $people } person, { $amount }
       *[other] { $people } people, { $amount }
    }
button-news-new = ✏️ Write news
button-news-draft = ✏️ Continue news { $id }
button-news-stop = ⏹ Stop news { $id }
news-ask = ✏️ Send the text in <b>{ $language }</b>, as people will read it.
news-ask-how = At most { $longest ->
        [one] one character
       *[other] { $longest } characters
    }; bold text and links stay. It may be the caption of one photo.
news-ask-skip = Skip: people who read { $language } get nothing.
news-fault-empty = That was no text, and no photo with a caption.
news-fault-album = That was an album. Only one photo can be sent.
news-fault-bare = That photo has no text. Send it with the text as its caption.
news-fault-long = That text is too long.
news-fault-cut = That text is too long. Its rest may come in further messages, which aren’t taken.
news-fault-rest = This may be the rest of the text that was too long, so it wasn’t taken.
news-fault-photo = Telegram doesn’t accept this photo. Send another one, or only a text.
news-fault-refused = Telegram doesn’t accept this text. Send it without formatting.
news-ask-whole = Press the button, then send a text of at most { $longest ->
        [one] one character
       *[other] { $longest } characters
    }.
button-news-whole = ✏️ Write { $language } again
button-news-skip = Skip { $language }
news-draft = 📣 <b>News { $id }</b>
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
button-news-who = 👥 For whom
button-news-product = 🛍️ A product button
button-news-card = 👁 Preview and send
button-news-drop = 🗑 Throw away
news-who = 👥 <b>News { $id }</b>: who gets it?
news-who-two = At most two of these at once.
button-news-all = Everybody
button-news-locale = { $language }
button-news-bought = Bought…
button-news-idle = No purchase in 30 days
button-news-above = Wallet above…
button-news-chosen = ✓ { $what }
button-news-done = Done
news-ask-bought = What did they buy? Type a product’s name, or choose a category.
news-ask-button = Which product opens at the button? Type its name.
news-ask-above = Above which amount in their wallet? For example: 1,000
news-not-found = Nothing found. Type another name.
news-found = Which one?
button-news-found = { $product }
button-news-no-product = No button
news-card = 📣 <b>News { $id }</b> · to { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
news-languages = { $list }
news-left-out = Left out: { $refused } said no · { $blocked } can’t be reached · { $banned } banned · { $lately } had news lately
news-takes = Takes { $minutes ->
        [one] about { $minutes } minute
       *[other] about { $minutes } minutes
    }, after all deliveries. You can stop it.
news-waits = It is night: it goes out from { $date }.
news-verdict-changed = ⚠️ Another number of people than before. Look again, then send.
news-verdict-unseen = ⚠️ This is what would go out now. Look at it, then send.
news-verdict-nobody = Nobody would get it.
news-verdict-owner = Above { $limit ->
        [one] { $limit } person
       *[other] { $limit } people
    }, an owner sends it: they find it at /news.
button-news-try = 👁 Send me all
button-news-go = 📣 Send
button-news-edit = ✏️ Change it
news-progress = 📣 <b>News { $id }</b>: { $tried } of { $people }
news-unreachable = { " " }· { $blocked } can’t be reached
news-done = ✓ <b>News { $id }</b> has been sent.
news-stopped = ⏹ <b>News { $id }</b> was stopped.
news-result = { $sent } sent · { $blocked } can’t be reached · { $failed } refused · { $unknown } unknown
news-result-unknown = Unknown: it may have arrived. It isn’t sent again.
news-dropped = 🗑 News { $id } was thrown away.
alert-news_refused = 📣 News { $news } was stopped: Telegram no longer accepts its photo. { $count ->
        [0] Nobody got it, and nobody will.
        [one] One person has got it; nobody else will get it.
       *[other] { $count } people have got it; nobody else will get it.
    } Write it again with /news, with the photo sent anew.
toast-news-old-skip = This button is from an earlier step: nothing was changed.
toast-news-tried = Sent to you.
button-no-news = 🔕 No more news
button-news-again = 🔔 Send me news
news-off = 🔕 You get no more news from this shop. Your orders and codes still reach you.
news-on = 🔔 You get news from this shop: at most { $most ->
        [one] one message
       *[other] { $most } messages
    } a week.
action-news = { $date } · { $who } · news { $target }: { $after }
news-state-running = sent
news-state-stopped = stopped
news-state-dropped = thrown away
job-news = sending of news
menu-news = Write to many customers
