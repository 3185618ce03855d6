"""How far the picture has come is what the database says, whatever was told before."""

from services.gateway.progress import Progress


async def test_a_picture_that_a_crash_set_back_has_not_come_so_far() -> None:
    async def position_of(operation: str) -> int:
        return 7

    progress = Progress(position_of)
    progress.woken("jad-invented", 9)

    assert not await progress.reach("jad-invented", 9, seconds=0)
    assert await progress.reach("jad-invented", 7, seconds=0)
