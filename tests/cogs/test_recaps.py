"""Recaps of papers of which nothing can be trusted: each is a message that Discord takes, and describes its picture."""

from random import Random

from bot.domain.identifiers import page_url
from bot.domain.posts import Post, Recapped, post_from
from cogs._markdown import units
from cogs._posts import post_layout
from cogs._recaps import description, picture_file
from cogs._where import Where
from tests.cogs.hostility import hostile_text
from tests.cogs.judging import faults
from tests.cogs.samples import hostile_paper, known
from tests.delivery.owing import recap

HERE = Where(2**62, 2**62)


def hostile_recap(random: Random) -> Post:
    papers = tuple(known(hostile_paper(random), number=10**17 + each) for each in range(random.randint(1, 14)))
    recapped = [
        Recapped(
            paper_id=each.id,
            on="2026-05-25",
            votes=random.choice((0, 1, 10**9)),
            replies=random.choice((None, 0, 1, 10**9)),
            message_id=random.choice((None, 2**62)),
        )
        for each in papers
    ]
    return Post(
        heading=f"The papers of the week {hostile_text(random, 20)}",
        papers=papers,
        because=hostile_text(random, 20),
        total=random.choice((len(papers), 10**6)),
        recap=tuple(recapped),
    )


def test_hostile_papers_make_recaps_that_discord_takes() -> None:
    random = Random(3)
    for is_pictured in (True, False) * 12:
        post = hostile_recap(random)
        links = [page_url(each.paper) for each in post.papers]
        links += [f"https://discord.com/channels/{2**62}/{2**62}/{2**62}"]
        files = [picture_file(b"", post)] if is_pictured else []
        assert faults(post_layout(post, "a" * 10, HERE, is_pictured=is_pictured), links=links, files=files) == []
        assert 0 < units(description(post)) <= 1_024


def test_the_description_says_what_the_picture_shows() -> None:
    told = recap(3, 1)
    replied = told.recap[0]._replace(replies=12)
    assert description(Post(heading="The papers of the week", papers=told.papers, recap=(replied, told.recap[1]))) == (
        "The papers of the week, most voted first. 1. Paper 3: 3 votes, 12 replies. 2. Paper 1: 1 vote."
    )
    assert post_from(told.to_json()) == told
