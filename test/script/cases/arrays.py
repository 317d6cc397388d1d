import numpy as np
for a in [np.array([1.,2,3]), np.array([[1.5,2],[3,4e-5]],np.float32), np.array([[2.5,3],[4,1.00004]],np.float32), np.arange(40), np.arange(40).astype(np.float32)/7, np.array([True,False]),
  np.arange(2000).reshape(2,1000), np.zeros((2,3,4),np.float32), np.array(3.0), np.array(2), np.array([np.nan,1.5,-np.inf]), np.array([1e10,-1]), np.array([0.1,-0.25,100.]), np.zeros((0,3)), np.array([1/3,2/3]), np.array([1/3],np.float32), np.array([-0.0, 0.0]), np.array([12345678.,0.5]), np.array([[1,-20],[300,4]],np.int32)]:
    print(a); print(repr(a))
