import Autodiff

extension Tape {
  /// (‖U‖_F + ‖P‖_F + ‖N‖_F)/B for the batch's rows of users, positives and negatives: norms, not
  /// their squares, and rows that repeat count as often as they occur.
  ///
  /// - Reference: MMRec's embedding loss [Zhou23].
  func batchPenalty(users: Tensor, items: Tensor, _ batch: Batch) -> Tensor {
    let norms = sum(
      frobeniusNorms(users, rows: [batch.users]),
      frobeniusNorms(items, rows: [batch.positives, batch.negatives]))
    return scaled(norms, by: 1 / Double(batch.count))
  }

  /// (‖U‖²_F + ‖P‖²_F + ‖N‖²_F)/2 for the batch's rows of users, positives and negatives; rows
  /// that repeat count as often as they occur.
  func batchSquares(users: Tensor, items: Tensor, _ batch: Batch) -> Tensor {
    let parts = [(users, batch.users), (items, batch.positives), (items, batch.negatives)].map {
      let rows = gathered($0.0, rows: $0.1)
      return scaled(meanSquare(rows), by: 0.5 * Double(rows.count))
    }
    return sum(sum(parts[0], parts[1]), parts[2])
  }

  /// Σ_t mean t[u_B]² + mean w² for the batch's users u_B: means of squares, not sums.
  ///
  /// - Reference: [XCYLWN25], as implemented there.
  func meanSquares(of tables: [Tensor], _ batch: Batch, weights: Tensor) -> Tensor {
    let ofUsers = tables.map { meanSquare($0, rows: batch.users) }
    return ofUsers.reduce(meanSquare(weights)) { sum($0, $1) }
  }

  /// The ranking loss of a batch.
  func rankingLoss(
    users: Tensor, items: Tensor, _ batch: Batch, form: RankingLossForm
  ) -> Tensor {
    rankingLoss(
      users: users, items: items, user: batch.users, positive: batch.positives,
      negative: batch.negatives, form: form)
  }
}
