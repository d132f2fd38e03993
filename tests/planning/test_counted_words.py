"""What is counted in a sentence agrees with its number, in English and in Arabic's six forms."""

import pytest

from foundation.errors import Counted, ImpossibleProgramme, Phrase
from foundation.language import language
from planning.conditions import AreaRule, Conditions
from planning.counted_words import centres, places, posts
from planning.siting.lines import lines_of


@pytest.mark.parametrize(
    ("n", "arabic"),
    [(0, "لا مراكز"), (1, "مركز واحد"), (2, "مركزان"), (3, "3 مراكز"), (11, "11 مركزًا"), (100, "100 مركز")],
)
def test_a_rule_says_its_number_of_centres_in_both_languages(n, arabic):
    rule = AreaRule("north", "The north", "الشمال", governorates=("TO-A",), at_least=n)
    (line,) = lines_of(Conditions(areas=(rule,)))
    assert str(line.said) == f"at least {n} {'centre' if n == 1 else 'centres'} in The north (north)"
    assert language("en").phrase(line.said) == str(line.said)
    said = "".join(mark for mark in language("ar").phrase(line.said) if not "\u2066" <= mark <= "\u2069")
    assert said == f"حد أدنى من المراكز في الشمال: {arabic} (north)"


@pytest.mark.parametrize("say", [centres, places, posts])
def test_every_counted_thing_has_six_arabic_forms(say):
    said = {language("ar").phrase(Phrase("{it}", {"it": say(n)})) for n in (0, 1, 2, 5, 11)}
    assert len(said) == 5
    assert not any(mark.isascii() and mark.isalpha() for one in said for mark in one)


def test_a_counted_thing_crosses_processes_with_its_error():
    import pickle

    error = pickle.loads(pickle.dumps(ImpossibleProgramme("{it} too few", it=Counted("{n} post", "{n} posts", 1))))
    assert str(error) == "1 post too few"
    assert language("ar").error(error).startswith("وظيفة واحدة")
