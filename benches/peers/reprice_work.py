"""The inputs of all peers for a price change: its first day, and the notation of rates as whole numbers."""

import datetime
from decimal import Decimal, getcontext

getcontext().prec = 60
COEFFICIENT = Decimal("1.12")
EFFECTIVE = datetime.date(2027, 3, 1)
# a rate is a whole number of 10^-SCALE roubles per 100 roubles of sum insured
SCALE = 14
