"""Seeds that are played in every test run. What a seed once found is reduced to a test in unit/open_world."""

FOUND = (
    *(16, 20, 59, 104, 119, 1015, 2035),  # found something when worlds were drawn otherwise
    *(22, 5064),  # an adopted review beside older rows
    5008,  # clocks apart, and two requests within minutes
    58,  # two confirmations of one reason, counted once by the judge
    162,  # an older event beside a repeated approval
    996948175,  # a write in doubt that failed for what the customer had meanwhile
    89013556,  # an approval that a known denial had withdrawn
    *(940070, 940102),  # a request beside an ended one that a later version had stored
    970288,  # a customer that is gone, asked for again and again
    980970,  # a denial beside the review that was adopted
    1100153,  # a lack of one request that confirmed the lack of another
    1300369,  # a new review that looks like one that is gone, without a date
    336797504,  # two wrong looks at an approval, a day apart, and none between them
    988912462,  # two first looks at once of a host whose clock is hours off, counted as one by the judge
)
"""A drawn seed that fails is added here, with what it found."""
HUNDRED = 100
FIXED = (*FOUND, *[seed for seed in range(1, HUNDRED + 1) if seed not in FOUND][: HUNDRED - len(FOUND)])
"""A hundred; more once that many have found something."""
