"""Between which bounds does a share lie of which only a sample is known?"""

from math import sqrt

Z95 = 1.959963984540054
"""How many standard deviations to either side hold 95 % of a normal distribution."""


def wilson(count: int, sample: int, z: float = Z95) -> tuple[float, float]:
    """The score interval for a binomial proportion; of no sample everything from 0 to 1.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22, 209-212. It holds near 0 and 1 and for small samples too, where the usual
    p +- z * sqrt(p * (1 - p) / n) fails.
    """
    if not sample:
        return 0.0, 1.0
    share = count / sample
    scale = 1 + z * z / sample
    middle = (share + z * z / (2 * sample)) / scale
    around = z * sqrt(share * (1 - share) / sample + z * z / (4 * sample * sample)) / scale
    low = 0.0 if count == 0 else middle - around
    high = 1.0 if count == sample else middle + around
    return low, high
