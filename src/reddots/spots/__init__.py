"""Detection and measurement of small red, purple and red-brown spots in a photo of skin.

:class:`~reddots.spots.detector.SpotDetector` finds them, :mod:`~reddots.spots.measure` says how
many, how large and in what pattern, :mod:`~reddots.spots.confirmation` asks a person whether that
is right, :mod:`~reddots.spots.overlay` draws them,
:mod:`~reddots.spots.compare` sets two photos of the same place side by side.

Example:
    >>> from reddots.spots.confirmation import confirmation
    >>> from reddots.spots.measure import photo_spots
    >>> from reddots.spots.spot import Spot, Spots
    >>> found = Spots((Spot(30, 40, 5, 0.9, colour=(50, 40, 20)),), width=640, height=480)
    >>> confirmation(photo_spots(found)).question
    'We see one tiny red dot. Is that right?'
"""
