package baselines

import (
	"fmt"
	"math/big"
	"strconv"

	"lakehouse.invalid/peer/internal/rawjson"
)

// warnPercent is the change above which a metric is a warning.
const warnPercent = 20

// appendDrift appends the rows that compare two entries.
func appendDrift(dst []byte, from, to metrics) []byte {
	dst = append(dst, `{"rows":[`...)
	warnings := 0
	for i, name := range metricNames {
		if i > 0 {
			dst = append(dst, ',')
		}
		verdict := "ok"
		if warns(from[i], to[i]) {
			verdict = "warn"
			warnings++
		}
		dst = append(dst, `{"metric":`...)
		dst = rawjson.AppendString(dst, name)
		dst = append(dst, `,"from":`...)
		dst = strconv.AppendInt(dst, from[i], 10)
		dst = append(dst, `,"to":`...)
		dst = strconv.AppendInt(dst, to[i], 10)
		dst = append(dst, `,"change_percent":`...)
		dst = append(dst, changePercent(from[i], to[i])...)
		dst = append(dst, `,"verdict":"`...)
		dst = append(dst, verdict...)
		dst = append(dst, '"', '}')
	}
	dst = append(dst, `],"warnings":`...)
	dst = strconv.AppendInt(dst, int64(warnings), 10)
	return append(dst, '}')
}

// warns compares in integers; the products of metrics, which are below 2⁵³,
// with small factors stay within 64 bits.
func warns(from, to int64) bool {
	if from == 0 {
		return to != 0
	}
	return max(to-from, from-to)*100 > from*warnPercent
}

// changePercent returns (to − from) · 100 / from with two decimals, rounded
// half away from zero. In hundredths the dividend exceeds 64 bits.
func changePercent(from, to int64) string {
	if from == 0 {
		if to != 0 {
			return "null"
		}
		return "0.00"
	}
	divisor := big.NewInt(from)
	n := big.NewInt(max(to-from, from-to))
	n.Mul(n, big.NewInt(10_000))
	rest := new(big.Int)
	n.QuoRem(n, divisor, rest)
	if rest.Lsh(rest, 1).Cmp(divisor) >= 0 {
		n.Add(n, big.NewInt(1))
	}
	sign := ""
	if to < from && n.Sign() != 0 {
		sign = "-"
	}
	whole, hundredths := n.QuoRem(n, big.NewInt(100), rest)
	return fmt.Sprintf("%s%s.%02d", sign, whole, hundredths.Int64())
}
