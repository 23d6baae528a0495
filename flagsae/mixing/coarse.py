"""Coarse words, which no mix may be called by chance: Japan and Comoros have many letters of them.

The rule: a long word is read wherever it stands. A short one says nothing in the middle of a name, where its letters are
like others (*ass* in Cassandra), and something where the name begins or ends with it. Common syllables say something only
as the whole name, and are shorter than a mix's name. What is cut from a country's name is a matter of the next letter:
Mongolia, Pakistan and Niger are clean, and what leaves their names earlier is not.

Over-strict rather than too lax: there is another name for every mix.
"""

from __future__ import annotations

import re

# Stems: what follows does not matter. English, Spanish and Portuguese, French and Italian, German and others.
ANYWHERE = (
    r"fuck fart shi+t shag cunt cock dic?k[hs]? dildo penis vagin vulva scrot semen sperm porn orgy sodom wank whor slut "
    r"slag smut skank bitch bastard bimbo boob boll?ock boner bugger crap cretin piss po+[fp] prick pub[ei] puss[iy] twat "
    r"turd tard vomit suck muff fanny jizz cum[sm] rapist raped molest murder moron stupid imbec crippl spaz spast retard "
    r"hooker tranny queer dyke fag+o kink nonce nymph "
    r"nazi hitler neg[re]r? nigg? chink coon gook kike kaf+ir darki squaw wetback dago co+lie peck[ei]r paedo "
    r"put[aeo]r? puti put+an mierda merd coj pend chinga verga mari[ck]on? maricon joder gilip culer pinch cagar cagad mamon "
    r"bucet caral foder fodas viado cacet porra punhe bocet salop conn?ar encul bordel chiant chier branl pouf petas "
    r"boug couil cazz stronz vaf+an minchi cogli froc+i "
    r"fotz schwul scheis wichs fick schlam titten musch schwan kack nutt kanak arsch neuk kanker klootz kurwa pizd "
    r"fitt knull orosp siktir bukk ars[ei]h as+hole blowj"
)
EDGES = (
    r"anale? anus arse as+ ball barf bonk bum but+ clit cum damn dead dic?k dike dork douch dumb dung fap fat fec gay "
    r"gimp git gyp+o gyps hag hell hobo homo hon[kn]y hoe horn hure hymen idiot jerk jew kill kink knob kraut lame lesb "
    r"lezz lust minge nude nut oaf ped[eo] pee perv pig pimp po+ prat pus rap[ei] rect rump scat scum sex simp slob "
    r"slur snot spic spick spunk tit toss tramp ugly urin wop wog yid "
    r"caca caga cul[aeiou] cul fic[ao] fig[ao] hoer kaka pene peid pis+ pip+i polla popo porc put[aeis] rabo tet+as? tonto "
    r"troia zizi zorra foda con+e con+es chatt gouin dumm doof fags?"
)
LAST = "con cona cons japs? nigs? tards nips? ano"
CUT_SHORT = "mongo(?!l) paki(?!st) nig(?!er)"


def _pattern() -> re.Pattern[str]:
    edges = "|".join(EDGES.split())
    first = "|".join([*EDGES.split(), *CUT_SHORT.split()])
    last = "|".join(LAST.split())
    return re.compile(f"{'|'.join(ANYWHERE.split())}|^(?:{first})|(?:{edges}|{last})s?$")


COARSE = _pattern()
