"""All stories by name, in the order in which one would watch them. Must not know what they tell."""

from __future__ import annotations

from .along_the_curve import along_the_curve
from .answers import answers
from .back_to_the_bit import back_to_the_bit
from .breakpoints import breakpoints
from .edited import edited
from .first_minute import first_minute
from .gradient_check import gradient_check
from .lessons import LESSONS
from .many_runs import many_runs
from .out_of_turn import out_of_turn
from .overwritten import overwritten
from .predict import predict
from .press_what_it_says import press_what_it_says
from .script import Story
from .slope_of_a_curve import slope_of_a_curve
from .there_and_back import there_and_back
from .two_futures import two_futures
from .where_a_gradient_comes_from import where_a_gradient_comes_from
from .why_nan import why_nan
from .wonderland import wonderland
from .your_own_code import your_own_code
from .zero_grad_forgotten import zero_grad_forgotten

_IN_ORDER: tuple[Story, ...] = (
    press_what_it_says,
    first_minute,
    answers,
    slope_of_a_curve,
    wonderland,
    there_and_back,
    back_to_the_bit,
    along_the_curve,
    where_a_gradient_comes_from,
    breakpoints,
    edited,
    two_futures,
    zero_grad_forgotten,
    overwritten,
    out_of_turn,
    gradient_check,
    many_runs,
    why_nan,
    predict,
    your_own_code,
)

STORIES = {story.name: story for story in _IN_ORDER}

WATCHED = {**STORIES, **LESSONS}
"""Those of lessons, too."""
