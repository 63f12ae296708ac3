"""What agents type: a fair mix of rare and common words, phrases, beginnings and scripts."""

COMMON = ("boots", "tent", "refund thank", "чатыр", "өтүк", "帐篷", "சப்பாத்து")
RARE = ("77", "customer 250", "tomorrow", "tomorrow keep", "tomorrow refund")
NOWHERE = ("snowshoes", "tent snowshoes")
PHRASES = ('"tent leaks"', '"our answer by"', '"customer 31"', '"until it is there"')
BEGINNINGS = ("t", "te", "ten", "b", "w", "wro", "ч", "ча", "ச", "சப்", "帐", "order b")
NARROWED = ("tent is:overdue", "refund kind:complaint", "tent customer:5", "boots -tomorrow")
QUERIES = (*COMMON, *RARE, *NOWHERE, *PHRASES, *BEGINNINGS, *NARROWED)

WORDS_ALONE = (*COMMON, *RARE, *NOWHERE, *PHRASES, *BEGINNINGS)
"""Those that any full text can be asked."""
