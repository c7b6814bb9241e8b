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

// between returns the distance of two vectors with known norms, in double
// precision.
func (d Distance) between(a, b []float32, normA, normB float64) float64 {
	switch d {
	case Cosine:
		return min(max(1-dot(a, b)/(normA*normB), 0), 2)
	case Euclidean:
		var sum float64
		for i, x := range a {
			difference := float64(x) - float64(b[i])
			sum += difference * difference
		}
		return math.Sqrt(sum)
	}
	// Subtracted from zero, because a bare minus would turn 0 into -0.
	return 0 - dot(a, b)
}

// dot keeps four sums, so that no addition waits for the one before.
func dot(a, b []float32) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += float64(a[i]) * float64(b[i])
		s1 += float64(a[i+1]) * float64(b[i+1])
		s2 += float64(a[i+2]) * float64(b[i+2])
		s3 += float64(a[i+3]) * float64(b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += float64(a[i]) * float64(b[i])
	}
	return s0 + s1 + s2 + s3
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
