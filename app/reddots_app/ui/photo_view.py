"""View of the photo step: what this is, how to take a photo, and what became of each."""

from typing import Any, Final

from reddots.knowledge import Knowledge
from reddots.knowledge.guidance import PhotoProblem
from reddots.photo.result import NO_SPOTS
from reddots_app.i18n import Texts
from reddots_app.photos import MOST_MEGABYTES, SHORT_SIDE
from reddots_app.session import MOST_PHOTOS, PhotoEntry, Session
from reddots_app.ui.spots_check import spots_check
from reddots_app.ui.templating import fragment

_FAR: Final = "spots_too_small"  # the problem that zooming in may mend
_BARE: Final = "normal_skin"  # the output of a photo in which the network finds no spots


def photo_screen(session: Session, texts: Texts, knowledge: Knowledge) -> str:
    """Return the photo step."""
    photos = [
        photo_card(number, photo, texts, knowledge, agreed=session.says_of(photo))
        for number, photo in enumerate(session.photos, start=1)
    ]
    return fragment(
        "photo",
        texts,
        session=session,
        photos=photos,
        more_allowed=len(photos) < MOST_PHOTOS,
        most=MOST_PHOTOS,
        megabytes=MOST_MEGABYTES,
        short_side=SHORT_SIDE,
        retake=any(photo["quality"] in {"weak", "rejected"} for photo in photos),
        check=spots_check(session, texts, knowledge),
        note=session.note,
    )


def photo_card(
    number: int,
    photo: PhotoEntry,
    texts: Texts,
    knowledge: Knowledge,
    *,
    agreed: bool | None = None,
) -> dict[str, Any]:
    """Return what is said of one photo; “good” only where the person agreed to its circles.

    ``agreed`` is what the person said of them, None before; after a “no” none are drawn. Of a
    refused photo, zooming in mends only one that shows too little skin, so no other offers it.
    """
    result = photo.result
    found = problems(photo, knowledge)
    bare = result.status == "ok" and is_bare(photo)
    spots = result.spots
    zoom_first = bare or (result.status == "ok" and _FAR in result.problems)
    if result.status == "rejected":
        quality = "rejected"
    elif found or bare:
        quality = "weak"
    else:
        circled = spots is not None and agreed is not False
        quality = "usable" if not circled else "good" if agreed else "found"
    return {
        "id": photo.id,
        "name": texts.photo.name.format(number=number),
        "quality": quality,
        "sentence": texts.photo.no_spots if bare else texts.photo[quality],
        "problems": found,
        "bare": bare,
        "zoom": result.status == "ok" or result.not_skin,
        "zoom_first": zoom_first and not photo.cropped,
        "cropped": photo.cropped,
        "marks": spots.marks if spots and agreed is not False else (),
    }


def problems(photo: PhotoEntry, knowledge: Knowledge) -> tuple[PhotoProblem, ...]:
    """Return what is wrong with a photo, worst first, in words.

    Of a photo that shows no skin nobody is told that its spots are small; that there are none is
    said apart.
    """
    result = photo.result
    unused = (_FAR, NO_SPOTS) if result.status == "rejected" else (NO_SPOTS,)
    told = [problem for problem in result.problems if problem not in unused]
    return knowledge.guidance.told_of(told, result.causes)


def is_bare(photo: PhotoEntry) -> bool:
    """Whether no clear red dots were found in the photo.

    By the detected spots where they were counted; by the network's first choice where not.
    """
    if photo.result.spots is not None:
        return photo.result.spots.count == 0
    categories = photo.result.categories
    return bool(categories) and max(categories, key=lambda o: categories[o]) == _BARE
