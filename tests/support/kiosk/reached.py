"""The list: all that a person with only a kiosk's key can reach, and how far each of it reaches. Must not know how that
is tried: `inside` does it, and a test holds that nothing is missing here.
"""

from __future__ import annotations

HERS = "her session and her screen"
KEPT = "what is kept of her, in her store"
NOTHING = "nothing: it is not there"
FOLLOWED = "what somebody shares, where the forced command follows; else it is not there"

COMMANDS = {
    HERS: """
        play stop forward back phase finer coarser into over out back_into back_over back_out continue reverse_continue
        goto restart reseed slower faster breakpoints fork forks mistakes why gradcheck gradcheck_h nudge lr_up lr_down
        knobs range_test edit edit_sample freeze freeze_neuron undo redo select_down select_up page_down page_up
        select_first select_last samples scores order filter picture map coarser_h finer_h sides neuron code losses log
        recent smooth scrub cursor_back cursor_on predict toggle_1 toggle_2 toggle_3 source gradients next_pane
        previous_pane enlarge scroll_right scroll_left scroll_down scroll_up fold find find_next line_break run_to
        back_to fire in_turn fold_all watch edit_input line_down line_up lines_down lines_up first_line last_line leave
        hint next_beat previous_beat to_lesson trace report moments previous_moment next_moment difference printed theme
        repaint help palette""",
    KEPT: "answer reveal lessons open coach quit",
    NOTHING: "sweep run_again export suspend share ask_followers",
    FOLLOWED: "follow",
}
"""The registry's commands by their ids: every key of the screens, word of the palette and click on a border."""

DIALOGS = {
    HERS: {
        "Breakpoints": "close drop list switch",
        "Compared": "close log",
        "Examples": "close",
        "Finder": "close move",
        "Forks": "close drop rename",
        "Help": "back close page scroll",
        "Knobs": "close layer notch other_layer undo",
        "Losses": "close turn",
        "Mistakes": "close compare switch",
        "Nudge": "close nudge other sides",
        "Palette": "",
        "Prompt": "close",
        "RangeTestDialog": "close other set",
        "ScoresDialog": "close other",
        "Scrub": "close column erase jump last step to",
        "Source": "close",
        "TableReport": "close header kind missing target task use weights",
        "Why": "close go",
    },
    KEPT: {"Lessons": "close"},
    NOTHING: {
        "Answers": "close reveal",
        "Exporting": "close",
        "Moments": "close",
        "Printed": "close",
        "SweepBoard": "across another close group move open sort stop",
        "TableReport": "write",
    },
}
"""What those open, with all that their own keys do."""

OPTIONS = {
    "open": """
        --target --drop --only --classes --quantity --missing --header --no-header --seed --lr --steps --horizon
        --hidden --batch-size --l1 --l2 --momentum --class-weights --gain --activation --loss --optimizer --schedule
        --init --mistake --unicode --ascii""",
    "expr": """
        --seed --lr --steps --horizon --l1 --l2 --momentum --optimizer --schedule --mistake --maximise --unicode
        --ascii""",
    "follow": "--unicode --ascii",
    "learn": "--review --unicode --ascii",
    "resume": "--workers --scheduler --unicode --ascii",
    "kiosk": "--as --memory --steps-a-second --unattended --idle",
}
"""What the forced command may say, which is the host's to choose, and no one else's."""

REFUSED = {
    "expr": "--json",
    "learn": "--list --check --reset --export --json",
    "resume": "--list --json --pin --unpin --delete",
}
"""What it may not: it opens no screen, or writes."""
