# The shop's own stock, for operators.
menu-stock = Your own codes: load, sell, withdraw
stock-title = 📦 <b>Own stock</b>
stock-off = Own codes aren’t sold yet: put “own” into SUPPLIERS and restart the shop.
stock-empty = Nothing here yet. Add a product, then load its codes.
stock-value = <b>{ $product } · { $value }</b>: { $left ->
        [0] none left
        [one] one code left
       *[other] { $left } codes left
    }
stock-value-cost = Costs { $cost } each
stock-value-end = The first expires on { $date }
stock-batch = Batch { $id } · { $left } of { $count } left · { $cost } each
stock-batch-draft = Batch { $id } · not on sale yet · codes: { $count } · { $cost } each
stock-batch-held = Batch { $id } · from a backup, not on sale · codes: { $count } · { $cost } each
stock-ask-names = Send three lines: category, product, value. For example:
stock-names-codes = These look like codes, so I haven’t stored them: your whole team reads the names of products. If they are names, put spaces in place of the dashes, or between words and digits, or use “hanout stock add” on the shop’s machine.
stock-names-wrong = Please send exactly three lines, up to 60 characters each: category, product, value. For example:
stock-example = { $text }
stock-ask-cost = { $product } · { $value }: what did one code cost you, in dinars?
stock-cost-wrong = I need an amount in dinars, such as 1240.
stock-ask-codes = Send a .txt or .csv file, or paste the codes, one a line. If there are columns, the first line names them:
stock-ask-codes-deleted = I delete your message at once. It will still have passed Telegram’s servers; for large values use “hanout stock load” on the shop’s machine.
stock-loaded = 📥 <b>Batch { $id }</b> · { $product } · { $value }
stock-draft = Nothing is sold yet.
stock-held = ⚠️ This batch comes from a backup: codes that were sold after the backup look unsold here. Put it on sale only if you’re sure that none was sold since. If you discard it, its codes can’t be loaded again.
stock-good = { $count ->
        [one] one good code
       *[other] { $count } good codes
    }
stock-refusals = { $known } already here · { $twice } twice in this batch · { $unreadable } not readable · { $expired } too close to their end
stock-line = First line that can’t be read: { $line }
stock-cost = { $cost } each = { $total }
stock-ends = Expires { $first } to { $last }
stock-hints = First and last: { $hints }
stock-nothing = No code was loaded.
stock-delete-yourself = ⚠️ Please delete your message yourself, I couldn’t.
stock-on-sale = ✓ Batch { $id } is on sale.
stock-discarded = ✓ Batch { $id } was discarded; its codes are erased here.
stock-discarded-held = It came from a backup, so its codes can’t be loaded again.
stock-withdraw-ask = Withdraw batch { $id } ({ $product } · { $value })? { $left ->
        [0] None of its { $count } codes is unsold.
        [one] One of its { $count } codes is unsold and will be erased here.
       *[other] { $left } of its { $count } codes are unsold and will be erased here.
    } What was sold stays.
stock-withdrawn = ✓ Batch { $id } is withdrawn. Unsold and erased here: { $left }. Sold, which stay: { $sold }.
stock-looked-like-codes = Your message looks like a list of codes. If it was something else, write it again in other words.
stock-open-first = Open /stock first, then send the codes there. I haven’t stored any, and I’ve deleted your message.
stock-open-first-kept = Open /stock first, then send the codes there. I haven’t stored any.
stock-fault-spreadsheet = This is a spreadsheet, and those shorten long numbers. Send the list as .txt or .csv, from where the codes came from.
stock-fault-not_text = This isn’t text. Send a .txt or .csv file in UTF-8.
stock-fault-too_large = The file is larger than 1 MB. Send it in parts.
stock-fault-too_many = More than 5,000 codes at once. Send them in parts.
stock-fault-no_header = The first line has to name the columns:
stock-fault-shortened = Line { $line } looks as if a spreadsheet had shortened it. Take the file from where the codes came from. Codes of another length go into a batch of their own.
stock-fault-quoted = Line { $line } has quotation marks that don’t seem to belong to the code. Remove them; if they are those of a CSV file, name its columns in the first line.
stock-fault-extra = Line { $line } seems to have more than a code: a number, a word, brackets or signs of a web page. Send the codes alone, one a line.
stock-fault-foreign = Line { $line } has letters, digits or signs that nobody types for a code, such as Ａ instead of A. Take the file from where the codes came from.
stock-fault-date = I can’t read the date in line { $line }. Write it like 2026-12-31.
stock-fault-either_date = The date in line { $line } can be read with the day first or with the month first, and no other date shows which. Write them all like 2026-12-31.
stock-fault-empty = There’s no code in it.
stock-fault-formatted = Telegram’s app took signs such as ** or __ for formatting and removed them. Send the codes as a file.
stock-fault-long = Telegram splits a text as long as this one into several messages. Send the codes as a file.
stock-fault-no_codes = Send one .txt or .csv file, or paste the codes as text.
stock-fault-key_missing = The shop runs without the key that codes were encrypted with anew. Restart it with the new HANOUT_KEYS, then send them again.
stock-nothing-stored = Nothing was stored. Send the codes again, or press “Back”.
button-stock-value = { $product } · { $value } ({ $left })
button-stock-add = ➕ Add a product
button-stock-remove = Remove this value
button-stock-load = 📥 Load codes
button-stock-sell = Put on sale
button-stock-discard = Discard
button-stock-withdraw = Withdraw batch { $id }
button-stock-withdraw-yes = Withdraw and erase
alert-stock_low = 📦 { $product } · { $label }: { $count ->
        [0] no own code is left
        [one] one own code is left
       *[other] { $count } own codes are left
    }. Load more with /stock.
alert-stock_ending = ⌛ Batch { $batch } of your own stock: { $count ->
        [one] one code is
       *[other] { $count } codes are
    } too close to the end and no longer sold. Look with /stock.
alert-stock_set_aside = 🧯 Batch { $batch } of your own stock: { $count ->
        [one] one code was
       *[other] { $count } codes were
    } set aside, because another supplier sold the same code or it can’t be decrypted. It goes to nobody.
alert-stock_held = 📦 The shop was restored from a backup, so { $count ->
        [one] one batch of your own codes is
       *[other] { $count } batches of your own codes are
    } off sale: codes that were sold after the backup look unsold in it. Look with /stock, and put on sale only what you’re sure wasn’t sold since.
alert-staff = 👥 { $count ->
        [one] One person of the team has no rights now
       *[other] { $count } people of the team have no rights now
    }: the backup brings back who was removed since. Use /team to add back whoever still works here.
job-stock = keeping an eye on the own stock
audit-stock = own stock
refused-name = A name has 1 to { $longest } visible characters.
refused-codes = These codes can’t be loaded.
action-stock = { $date } · { $who } · batch { $target }: { $after } · { $amount }
action-stock-loaded = { $count ->
        [0] no code loaded
        [one] one code loaded
       *[other] { $count } codes loaded
    }
action-stock-on_sale = { $count ->
        [one] one code put on sale
       *[other] { $count } codes put on sale
    }
action-stock-discarded = { $count ->
        [one] discarded, one code erased
       *[other] discarded, { $count } codes erased
    }
action-stock-withdrawn = { $count ->
        [one] withdrawn, one code erased
       *[other] withdrawn, { $count } codes erased
    }
