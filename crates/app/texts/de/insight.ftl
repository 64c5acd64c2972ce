# insight
