"""Coarse words, which no mix may be called by chance.

The rule: a long word is read wherever it stands. A short one says nothing in the middle of a name, where its letters
are like others (*ass* in Cassandra), and something where the name begins or ends with it. Some are how clean words
begin (*con*), and are read only at the end. What is cut from a country's name depends on the next letters: Mongolia,
Pakistan, Niger and Japan are clean, and what leaves their names earlier is not.

Stems of words in English, Spanish, Portuguese, French, Italian, German and some others, too many rather than too few:
there is another name for every mix. Plain texts rather than one pattern, which would take longer to build than a name.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ANYWHERE = _words(
    "fuck fart shit shag cunt cock dildo penis vagin vulva scrot semen sperm porn orgy sodom wank whor slut slag smut "
    "skank bitch bastard bimbo boob bollo boner bugger crap cretin piss poof poop prick pube pubi pussy queer twat "
    "turd tard vomit suck muff fanny jizz cums cumm rapist raped molest murder moron stupid imbec crippl spaz spast "
    "hooker tranny dyke fago faggo kink nonce nymph nazi hitler negr neger nigg nigr chink coon gook kike kafir kaffir "
    "darki squaw wetback dago cooli colie pecker paedo pedoph slave asshol arseh arsch bukk blowj "
    "puta puto puti putr putan merd mierd cojon pendej chinga verga marica maricon joder gilip culer pinch cagar cagad "
    "mamon bucet caral foder fodas viado cacet porra punhe bocet salop connar conar encul bordel chiant chier branl "
    "pouf petas bougn couil cazz stronz vafan vaffan minchi cogli froci "
    "fotz schwul scheis wichs fick schlam titten musch schwan kack nutt kanak neuk kanker klootz kurwa pizd fitt knull "
    "orosp siktir connass puttan"
)
AT_AN_END = _words(
    "anal anus arse arsi ass balls barf bonk bum butt clit cum damn dead dick dik dork douch dumb dung fag fap fat fec "
    "gay gimp git gypo gyppo gyps hag hell hobo homo honky hoe horn hure hymen idiot jerk jew kill knob kraut lame "
    "lesb lezz lust ming nude nut oaf pedo pede pee perv pig "
    "pimp poo prat pus rape rapi rect rump scat scum sex simp slob "
    "slur snot spic titt tit toss tramp ugly urin wop wog yid "
    "caca caga cula cule culi culo culu cul fica figa fig hoer kaka pene peid pis pipi polla popo porc pute rabo teta "
    "tonto troia zizi zorra foda conne cone chatt gouin dumm doof"
)
LAST = _words(  # with the endings of stems, which are short of a name's end
    "con cona jap nig nip ano anale pisse spick spunk minge dike douche fecal feces gypsy horny killer lesbo lezzo "
    "rectum sexy titty urine cagon peido porco chatte gouine"
)
AT_THE_END = tuple(word + plural for word in AT_AN_END + LAST for plural in ("", "s"))
CUT_SHORT = {"mongo": "l", "paki": "st", "nig": "e", "jap": "a"}  # where they begin a name: what must follow


def is_coarse(name: str) -> bool:
    """Whether a name says something coarse. name: in small letters without accents."""
    if name.startswith(AT_AN_END) or name.endswith(AT_THE_END):
        return True
    if any(name.startswith(head) and not name.startswith(rest, len(head)) for head, rest in CUT_SHORT.items()):
        return True
    return any(word in name for word in ANYWHERE)
