package vectors

import "math"

// Distance is a measure between two vectors.
type Distance string

// The distances.
const (
	Cosine    Distance = "cosine"
	Euclidean Distance = "euclidean"
	Dot       Distance = "dot"
)

// prepare returns a vector in the form in which the distance compares it.
func (d Distance) prepare(v []float32) []float32 {
	if d == Cosine {
		return unit(v)
	}
	return v
}

// between returns the distance of two prepared vectors. All implementations
// compute the same double: sums in the order of the components, and each
// operation rounded on its own.
func (d Distance) between(a, b []float32) float64 {
	switch d {
	case Cosine:
		return min(max(1-dot(a, b), 0), 2)
	case Euclidean:
		var sum float64
		for i, x := range a {
			difference := float64(x) - float64(b[i])
			sum += float64(difference * difference)
		}
		return math.Sqrt(sum)
	}
	// Subtracted from zero, because a bare minus would turn 0 into -0.
	return 0 - dot(a, b)
}

// dot multiplies two vectors. The conversion of a product keeps the compiler
// from fusing it with the addition.
func dot(a, b []float32) (sum float64) {
	b = b[:len(a)]
	for i, x := range a {
		sum += float64(float64(x) * float64(b[i]))
	}
	return sum
}

func norm(v []float32) float64 { return math.Sqrt(dot(v, v)) }

// unit returns v divided by its norm, which is not 0.
func unit(v []float32) []float32 {
	n := norm(v)
	u := make([]float32, len(v))
	for i, x := range v {
		u[i] = float32(float64(x) / n)
	}
	return u
}
