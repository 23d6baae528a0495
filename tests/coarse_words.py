"""Words that no mix may be called, for the test of names.

Swear words, slurs against peoples and others, words of sex, of the body and of crimes, in English, Spanish, Portuguese,
French, Italian, German, Dutch and some other languages; without accents, in small letters. Compiled by hand, before the
filter in `flagsae.mixing.coarse` and by the same author: what both lists lack, no test finds. After names were read,
*bang* was taken out (Bangladesh), and what is cut from Japan was added.

Where such a word says something depends on its length. Long ones are read wherever they stand. Short ones are letters
like others in the middle of a name (nobody reads *ass* in *Cassandra*), but are read where a name begins or ends. Some
are how a country begins (*Jap*an) and are read only at the end; and some are common syllables, which are read only
where they are the whole name.
"""

import re
import unicodedata

ANYWHERE = """
arsch arsehole asshole bastard bimbo bitch blowjob bollock boner boobs bugger bukkake chink cock coolie coon crap
cretin cripple cunt darkie dildo dyke faggot fanny fart fuck gook hitler hooker imbecil jizz kafir kaffir kike kinky
molest moron muff nazi negro neger nigga nigger nonce nympho orgy paedo pecker penis piss poof poop porn prick pube
pussy queer rapist raped retard scrotum semen shag shit skank slag slave slut smut sodom spastic spaz sperm squaw stupid
suck tranny turd twat vagina vomit vulva wank whore wetback murder
puta puto putain mierda cojon pendej chinga verga maricon marica joder gilipoll culero pinche cagar cagad mamon
buceta caralho foder fodas viado cacete merda porra punheta boceta
merde salope connard connass encule bordel chier chiant branler pouffias petasse bougnoul couille
cazzo stronz vaffan minchia puttan coglion frocio
fotze schwul scheis wichs ficken fick schlampe titten muschi schwanz kacke nutte kanake
neuke kanker klootzak kurwa pizda fitta knulla orospu siktir
"""
AT_AN_END = """
anal anus arse ass balls barf bonk boob bum butt clit cum damn dago dead dick dike dork douche dumb dung fag fags
fap fat fecal feces gay gays gimp git gypo gyppo gypsy hag hell hobo homo honky hoe horny hure hymen idiot jerk jew kill
killer kinky knob kraut lame lesbo lezzo lust minge nude nut nuts oaf pedo pee perv pig pimp poo prat pus rape rectum
rump scat scum sex sexy simp slob slur snot spic spick spunk tit tits titty toss tramp ugly urine wop wops wog wogs yid
anale caca caga cagon cul culo culos culi cula fica figa hoer kaka pene peido pis pisse pipi polla popo porco
pute putes putin rabo teta tetas tonto troia zizi zorra foda conne chatte gouine negre negra negri dumm doof
"""
AT_THE_END = "con cona cons jap japs nig nigs tard tards nip nips"
WHOLE = "ano anos bite cu kuk kut lul mona nique pd pik queue sau tod"
# Mongolia, Pakistan, Niger and Japan are countries; what is cut shorter is a slur.
CUT_SHORT = ["mongo(?!l)", "paki(?!st)", "nig(?!e)", "jap(?!a)"]

COARSE = re.compile(
    "|".join(
        [
            *ANYWHERE.split(),
            *(f"^{word}|{word}$" for word in AT_AN_END.split()),
            *(f"{word}$" for word in AT_THE_END.split()),
            *(f"^{word}$" for word in WHOLE.split()),
            *(f"^{word}" for word in CUT_SHORT),
        ]
    )
)


def coarse(name: str) -> str:
    """The coarse word in a name; "" where there is none."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", name.casefold()) if letter.isalpha())
    found = COARSE.search(plain)
    return found[0] if found else ""
