# Which supplier sells nothing now, and why.
attention-closed-balance = ⏸ { $supplier }: sales are paused because of the balance. Top up; they continue automatically.
attention-closed-access = ⏸ { $supplier }: sales are paused, it refuses our key. Check the key.
