"""Which sweeps tests play, and which of them look at suppliers at intervals."""

from bot.domain.jobs import Job

# The sweeps that tests play, in this order; what runs at night or at a start they call themselves.
PLAYED = (
    Job.PLACE,
    Job.RECONCILE,
    Job.POLL,
    Job.SILENCE,
    Job.WATCH,
    Job.BALANCE,
    Job.PAYMENTS,
    Job.PAYMENT_REFUNDS,
    Job.UNPAID,
    Job.PAUSES,
    Job.CLOSING,
    Job.REMINDERS,
    Job.WATCHES,
    Job.ALERTS,
    Job.OUTBOX,
    Job.NEWS,
    Job.RECORD,
    Job.HIDE,
    Job.STOCK,
    Job.PRICES,
)
# Looks at suppliers, due every few minutes or oftener, whatever happens: over the days that some tests pass, they take
# nearly all the time.
AT_INTERVALS = (Job.BALANCE, Job.PRICES)
