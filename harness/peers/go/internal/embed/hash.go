package embed

import (
	"hash/fnv"
	"math"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// HashModel is the built-in model.
const HashModel = "hash-768"

const hashDimension = 768

// hashVector returns the unit vector of s by feature hashing of its words and
// character trigrams.
func hashVector(s string) []float64 {
	v := make([]float64, hashDimension)
	for _, word := range Words(s) {
		addWord(v, word)
	}
	norm := norm(v)
	if norm == 0 {
		// No words, or they cancelled out: the original text is the feature,
		// and its component is 1 whatever the sign of its hash.
		i, _ := component("t:" + s)
		v[i] = 1
		return v
	}
	for i := range v {
		v[i] /= norm
	}
	return v
}

// Words returns the words of s, in lower case.
func Words(s string) (words []string) {
	text.Runs(text.Lower(s), isWordByte, func(word string) bool {
		words = append(words, word)
		return true
	})
	return words
}

// isWordByte reports whether c belongs to a word; all bytes of characters from
// U+0080 up do.
func isWordByte(c byte) bool { return text.IsAlnum(c) || c >= utf8.RuneSelf }

func addWord(v []float64, word string) {
	i, sign := component("w:" + word)
	v[i] += 2 * sign
	marked := []rune("^" + word + "$")
	for j := range len(marked) - 2 {
		i, sign := component("g:" + string(marked[j:j+3]))
		v[i] += sign
	}
}

// component returns the index of a feature and the sign of its summand.
func component(feature string) (index int, sign float64) {
	h := fnv.New64a()
	h.Write([]byte(feature))
	sum := h.Sum64()
	if sum>>63 == 1 {
		return int(sum % hashDimension), -1
	}
	return int(sum % hashDimension), 1
}

// norm returns the L2 norm of v.
func norm(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}
