"""What operators say of categories and products. A row is never deleted: a question may carry its id."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, or_, select, text

from bot.domain.curation import (
    UNMARKED,
    CuratedText,
    Curation,
    CurationScope,
    Marks,
    OwnPicture,
    OwnText,
    Subject,
)
from bot.refusals import required
from storage.repositories.base import Repository
from storage.tables import curation, curation_texts

# Read every half minute: to build a statement takes longer than SQLite takes to answer it.
_ALL: Final = select(curation)
_TEXTS: Final = select(curation_texts).where(curation_texts.c.text != "")


def _marks(row: Row[Any]) -> Marks:
    return Marks(row.hidden, row.featured, row.rank, row.max_quantity)


def _picture(file_id: str | None, unique_id: str | None) -> OwnPicture | None:
    return OwnPicture(file_id, unique_id) if file_id and unique_id else None


def _ids(picture: OwnPicture | None) -> tuple[str | None, str | None]:
    return (picture.file_id, picture.unique_id) if picture else (None, None)


def _subject(row: Row[Any]) -> Subject:
    return Subject(CurationScope(row.scope), row.target)


class CurationRepository(Repository):
    async def lock(self) -> None:
        """Let nobody else change it until the transaction ends; it may be read."""
        if self._db.dialect.name == "postgresql":
            await self._db.execute(text("LOCK TABLE curation IN SHARE ROW EXCLUSIVE MODE"))

    async def load(self) -> Curation:
        """All of it."""
        rows = (await self._db.execute(_ALL)).all()
        found = await self._db.execute(_TEXTS)
        texts: dict[tuple[Subject, CuratedText], dict[str, str]] = {}
        for row in found:
            key = _subject(row), CuratedText(row.field)
            texts.setdefault(key, {})[row.locale] = row.text
        pictures = {
            int(row.target): picture
            for row in rows
            if (picture := _picture(row.photo_id, row.photo_unique_id)) is not None
        }
        return Curation({_subject(row): _marks(row) for row in rows}, texts, pictures)

    async def marks(self, subject: Subject) -> Marks:
        """What is said of one; UNMARKED where nothing is."""
        row = (await self._db.execute(select(curation).where(self._is(subject)))).one_or_none()
        return _marks(row) if row else UNMARKED

    async def mark(self, subject: Subject, **changes: bool | int | str | datetime | None) -> None:
        """Change these columns of it, and no other; the row is made where there is none."""
        key = {"scope": subject.scope, "target": subject.target}
        statement = self.insert(curation).values(**key, **changes)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=changes)
        )

    async def id_of(self, subject: Subject) -> int:
        """The number of its row, which is made where there is none."""
        await self.insert_once(curation, scope=subject.scope, target=subject.target)
        found = await self._db.execute(select(curation.c.id).where(self._is(subject)))
        number: int = found.scalar_one()
        return number

    async def subject_of(self, row_id: int) -> Subject:
        """What the row with this number is about. Raises NotFound."""
        found = await self._db.execute(select(curation).where(curation.c.id == row_id))
        return _subject(required(found.one_or_none()))

    async def text(self, subject: Subject, kind: CuratedText, locale: str) -> OwnText:
        """One text and what it replaced; both empty where nobody wrote it."""
        found = await self._db.execute(
            select(curation_texts).where(
                curation_texts.c.scope == subject.scope,
                curation_texts.c.target == subject.target,
                curation_texts.c.field == kind,
                curation_texts.c.locale == locale,
            )
        )
        row = found.one_or_none()
        return OwnText(row.text, row.before) if row else OwnText()

    async def set_text(
        self, subject: Subject, kind: CuratedText, locale: str, text: OwnText
    ) -> None:
        key = {"scope": subject.scope, "target": subject.target, "field": kind, "locale": locale}
        changes = {"text": text.text, "before": text.before}
        statement = self.insert(curation_texts).values(**key, **changes)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=changes)
        )

    async def pictures(self, product_id: int) -> tuple[OwnPicture | None, OwnPicture | None]:
        """The picture of a product, and the one that it replaced."""
        subject = Subject.product(product_id)
        row = (await self._db.execute(select(curation).where(self._is(subject)))).one_or_none()
        if row is None:
            return None, None
        now = _picture(row.photo_id, row.photo_unique_id)
        return now, _picture(row.photo_id_before, row.photo_unique_id_before)

    async def set_pictures(
        self, product_id: int, now: OwnPicture | None, before: OwnPicture | None
    ) -> None:
        file_id, unique_id = _ids(now)
        file_id_before, unique_id_before = _ids(before)
        await self.mark(
            Subject.product(product_id),
            photo_id=file_id,
            photo_unique_id=unique_id,
            photo_id_before=file_id_before,
            photo_unique_id_before=unique_id_before,
        )

    async def any_hidden(self, subjects: Collection[Subject]) -> bool:
        """Whether one of these is hidden."""
        these = or_(*(self._is(one) for one in subjects))
        found = await self._db.execute(select(curation.c.id).where(curation.c.hidden, these))
        return found.first() is not None

    async def arrivals(self) -> Sequence[tuple[int, datetime]]:
        """Products that came hidden and still are: their ids, and when they came, the newest first."""
        rows = await self._db.execute(
            select(curation)
            .where(
                curation.c.scope == CurationScope.PRODUCT,
                curation.c.hidden,
                curation.c.arrived_at.is_not(None),
            )
            .order_by(curation.c.arrived_at.desc(), curation.c.id.desc())
        )
        return [(int(row.target), row.arrived_at) for row in rows]

    def _is(self, subject: Subject) -> Any:
        return and_(curation.c.scope == subject.scope, curation.c.target == subject.target)
