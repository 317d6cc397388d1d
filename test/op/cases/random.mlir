// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @uniform(%state: tensor<4xui32>) -> (tensor<2x3xf32>, tensor<4xui32>) {
  %0:2 = "ms.random_uniform"(%state) : (tensor<4xui32>) -> (tensor<2x3xf32>, tensor<4xui32>)
  func.return %0#0, %0#1 : tensor<2x3xf32>, tensor<4xui32>
}
// eval: @uniform([11, 22, 4294967295, 3]) = [[0.201944292, 0.136918187, 0.73227042], [0.447903872, 0.240664721, 0.322692811]], [11, 22, 1, 4]

func.func @normal(%state: tensor<4xui32>) -> (tensor<5xf32>, tensor<4xui32>) {
  %0:2 = "ms.random_normal"(%state) : (tensor<4xui32>) -> (tensor<5xf32>, tensor<4xui32>)
  func.return %0#0, %0#1 : tensor<5xf32>, tensor<4xui32>
}
// eval: @normal([11, 22, 4294967295, 3]) = [0.438085318, 0.50915122, -1.53724182, 0.521961093, -0.32725963], [11, 22, 1, 4]

func.func @dropout(%x: tensor<2x4xf32>, %state: tensor<4xui32>) -> (tensor<2x4xf32>, tensor<2x4xi1>, tensor<4xui32>) {
  %0:3 = "ms.dropout"(%x, %state) {keep_prob = 5.000000e-01 : f32} : (tensor<2x4xf32>, tensor<4xui32>) -> (tensor<2x4xf32>, tensor<2x4xi1>, tensor<4xui32>)
  func.return %0#0, %0#1, %0#2 : tensor<2x4xf32>, tensor<2x4xi1>, tensor<4xui32>
}
// eval: @dropout([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25]], [11, 22, 4294967295, 3]) = [[-2.5, 1.5, 0, 2.5], [1, -0.5, 2, 0.5]], [[true, true, false, true], [true, true, true, true]], [11, 22, 1, 4]
