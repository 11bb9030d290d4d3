import pytest

from tests.outsiders.tour import Tour, walk


@pytest.mark.filterwarnings("ignore:Tasks created via")
async def test_every_request_and_answer_of_a_tour_agrees_with_the_specification(sqlite_store):
    tour = await Tour(sqlite_store, "en").open()
    try:
        await walk(tour)
    finally:
        await tour.close()
    print(tour.wire.calls, tour.wire.updates)
    for p in sorted(set(tour.wire.problems)): print(p)
    print("MISSED", *tour.missed, sep="\n  ")
    print("REFUSED", tour.world.refused)
    assert tour.missed == []
    assert tour.wire.problems == []
